"""Named conditions that stand on too many others are refused, once, before anybody waits for them."""

import pytest

from sequela.engine.model.condition_size import HIGHEST, MOST_ASKED
from sequela.engine.pipeline.compile import compile_found
from sequela.engine.pipeline.files import texts_of


def said(steps: int, body: str) -> list[str]:
    text = 'ruleset example "An example"\n\ncondition c0 (line item)\n  item.charge is known\n\n'
    for step in range(1, steps):
        text += f"condition c{step} (line item)\n  {body.format(f'c{step - 1}(item)')}\n\n"
    text += f'rule EXAMPLE "What it asks"\n  for each line item\n  require c{steps - 1}(item)\n  if fail deny item\n'
    return [one.message for one in compile_found(texts_of({"example.rules": text})).diagnostics if one.is_error]


@pytest.mark.parametrize(("steps", "number"), [(HIGHEST, 0), (HIGHEST + 1, 1), (600, 1)])
def test_only_so_many_stand_one_on_the_other(steps: int, number: int) -> None:
    errors = said(steps, "{0}")
    assert len(errors) == number
    assert all(f"`c{HIGHEST}` stands on {HIGHEST} others" in one for one in errors)


@pytest.mark.parametrize(("steps", "number"), [(13, 0), (14, 1), (24, 1)])
def test_only_so_many_are_asked(steps: int, number: int) -> None:
    errors = said(steps, "{0} and not {0}")
    assert len(errors) == number
    assert all(f"16,383 conditions, counting all that it names; {MOST_ASKED:,} are the most" in one for one in errors)

"""One slip in a rule file is one finding: a word left out, written twice, or with two letters swapped, in the shipped files.

The slips are the same in every run. A slip may go unnoticed where the file still means something (a text, a number), and
a few bring a second finding with them; none may bring a page of them, and none may be a fault of the engine.
"""

import random
import re
from pathlib import Path

import pytest

import sequela
from sequela.engine.pipeline.compile import compile_found
from sequela.engine.pipeline.files import texts_of

ROOT = Path(sequela.__file__).parent
FILES = ("rulesets/modifiers/modifiers-visits.rules", "rulesets/poa/poa-indicators.rules", "payers/northwind-ppo.rules")
WORD = re.compile(r'"[^"\n]*"|[A-Za-z0-9.-]+|[^\sA-Za-z0-9]')
SLIPS_OF_EACH = 40
MOST = 3
"""More findings than this from one slip would bury it."""


def slips(text, source):
    """Texts with one slip each, and what it is."""
    words = [match for match in WORD.finditer(text) if "#" not in text[: match.start()].rsplit("\n", 1)[-1]]
    while True:
        word = source.choice(words)
        written, kind = word[0], source.choice(("left out", "twice", "swapped"))
        if kind == "left out":
            slip = ""
        elif kind == "twice":
            slip = f"{written} {written}"
        elif len(written) > 2 and written[1] != written[2]:
            slip = f"{written[0]}{written[2]}{written[1]}{written[3:]}"
        else:
            continue
        line = text.count("\n", 0, word.start()) + 1
        yield f"line {line}: {written} {kind}", f"{text[: word.start()]}{slip}{text[word.end() :]}"


def errors(name, text):
    """The errors in a text, with the shipped files beside it."""
    found = compile_found(texts_of({name: text}), [ROOT / Path(name).parent])
    return [diagnostic for diagnostic in found.diagnostics if diagnostic.is_error]


@pytest.mark.parametrize("name", FILES)
def test_a_slip_is_one_finding(name):
    text = (ROOT / name).read_text(encoding="utf-8")
    assert errors(name, text) == []
    source = slips(text, random.Random(2026))
    counts = {}
    for _ in range(SLIPS_OF_EACH):
        what, damaged = next(source)
        counts[what] = [f"{one.code} {one.message}" for one in errors(name, damaged)]
    assert {what: found for what, found in counts.items() if len(found) > MOST} == {}
    several = {what: found for what, found in counts.items() if len(found) > 1}
    assert len(several) <= len(counts) // 10, several

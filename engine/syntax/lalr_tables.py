"""The parser's tables, made from the grammar: `python -m sequela.engine.syntax.lalr_tables` writes them beside it.

In:   the grammar.                Out: `made`, the tables as plain data.
Uses: grammar, lark.              Used by: lalr, where the tables beside the grammar are not those of the grammar.
Not here: parsing (lalr).
"""

import json
from hashlib import sha256
from pathlib import Path
from typing import Any, Final, cast

from lark import Lark
from lark.lexer import Lexer, PatternStr
from lark.parsers.lalr_analysis import Shift

import sequela.grammar
from sequela.grammar import GRAMMAR

# fmt: off
STARTS: Final = (
    "header", "declaration", "clause", "condition", "hole", "rule_head", "codes_head", "entry", "source_head",
    "source_clause", "table_head", "table_clause", "test_head", "case_head", "item", "expectation", "disable_head",
    "relax_head", "tighten_head", "override_head",
)
"""The parts of a file that can be parsed by themselves."""
# fmt: on

CLOSED_LISTS: Final = ("SETTING", "PHASE_NAME", "SEX", "WHICH")
"""The terminals that are lists of words."""


class _Fed(Lexer):
    """Stands where Lark's own lexer would: tokens come from scan."""

    __future_interface__ = 2

    def __init__(self, lexer_conf: Any, comparator: Any = None) -> None:
        """Nothing to prepare."""

    def lex(self, lexer_state: Any, parser_state: Any) -> Any:
        """Nothing: tokens are fed."""
        return iter(())


def lark() -> Lark:
    """Lark's own parser of the grammar."""
    return Lark(GRAMMAR, parser="lalr", lexer=_Fed, start=list(STARTS), keep_all_tokens=True, maybe_placeholders=False)


def made() -> dict[str, Any]:
    """The tables as plain data.

    `states` maps in each state a terminal, or the name of a rule that was found, to what to do: a number from 0 on is the next
    state, one below 0 the rule that is found, -1 the first. Of a rule stand its name, how many parts it has, which of them are
    lists whose parts are its own, what builds it (empty where it is such a list itself) and whether one part stands for itself.
    """
    parser = lark()
    table = cast("Any", parser.parser).parser._parse_table
    order = _in_order(table)
    rules = sorted(
        {argument for state in order for action, argument in table.states[state].values() if action is not Shift},
        key=_name,
    )
    state_numbers = {state: number for number, state in enumerate(order)}
    rule_numbers = {rule: number for number, rule in enumerate(rules)}
    states = [
        {
            str(name): state_numbers[argument] if action is Shift else -1 - rule_numbers[argument]
            for name, (action, argument) in table.states[state].items()
        }
        for state in order
    ]
    keywords: dict[str, str] = {}
    lists: dict[str, list[str]] = {}
    closed: dict[str, list[str]] = {}
    for terminal in sorted(parser.terminals, key=lambda one: str(one.name)):
        if isinstance(terminal.pattern, PatternStr):
            keywords[terminal.pattern.value] = terminal.name
        elif terminal.name in CLOSED_LISTS:
            words = terminal.pattern.value.removeprefix("(?:").removesuffix(")").replace("\\-", "-").split("|")
            closed[terminal.name] = sorted(words)
            for word in words:
                lists.setdefault(word, []).append(terminal.name)
    return {
        "grammar": sha256(GRAMMAR.encode()).hexdigest(),
        "starts": {name: state_numbers[state] for name, state in table.start_states.items()},
        "ends": {name: state_numbers[state] for name, state in table.end_states.items()},
        "rules": [_rule(rule) for rule in rules],
        "keywords": keywords,
        "lists": lists,
        "closed": closed,
        "states": states,
    }


def _in_order(table: Any) -> list[int]:
    """The states as they are met from the starts on, so that one grammar makes one file."""
    found = dict.fromkeys(table.start_states[name] for name in sorted(table.start_states))
    waiting = list(found)
    while waiting:
        actions = table.states[waiting.pop(0)]
        for name in sorted(actions, key=str):
            action, argument = actions[name]
            if action is Shift and argument not in found:
                found[argument] = None
                waiting.append(argument)
    return list(found)


def _name(rule: Any) -> tuple[str, list[str], str]:
    return str(rule.origin.name), [str(symbol.name) for symbol in rule.expansion], str(rule.alias)


def _rule(rule: Any) -> list[Any]:
    origin = str(rule.origin.name)
    spread = [at for at, symbol in enumerate(rule.expansion) if not symbol.is_term and str(symbol.name).startswith("_")]
    builder = "" if origin.startswith("_") else str(rule.alias or origin)
    return [origin, len(rule.expansion), spread, builder, bool(rule.options.expand1 and not rule.alias)]


if __name__ == "__main__":
    place = Path(sequela.grammar.__file__).with_name("tables.json")
    place.write_text(json.dumps(made(), separators=(",", ":"), sort_keys=True) + "\n", encoding="utf-8")

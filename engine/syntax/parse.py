"""Parse: the text of a rule file becomes nodes, and everything there is to say about its form. Never raises.

In:   a `Source`.                           Out: `RuleFile`, diagnostics.
Uses: normalise, scan, split, lalr.         Used by: pipeline, and tests of every room above.
Not here: what names mean and whether kinds agree (model).
"""

from collections.abc import Sequence

from sequela.engine.diagnostics.model import Diagnostic, Label
from sequela.engine.source import Source
from sequela.engine.syntax.declarations import Declaration, Header, RuleFile
from sequela.engine.syntax.lalr import feed_all
from sequela.engine.syntax.normalise import normalise
from sequela.engine.syntax.scan import Token, scan
from sequela.engine.syntax.split import split
from sequela.engine.syntax.template import read_template


def parse(source: Source) -> tuple[RuleFile, tuple[Diagnostic, ...]]:
    """The rule file that `source` holds, and its faults of form.

    A declaration with a fault is left out of the file and named in `broken`; the others are kept.
    """
    tokens, comments = scan(source, normalise(source.text))
    _read_templates(tokens)
    faults: list[Diagnostic] = []
    header: Header | None = None
    declarations: list[Declaration] = []
    for run in split(tokens):
        if run[0].text in ("ruleset", "payer"):
            header = feed_all("header", run)
        else:
            node = feed_all("declaration", run)
            if node is not None:
                declarations.append(node)
            else:
                faults.append(_unread(run))
    return RuleFile(source, header, tuple(declarations), tuple(comments)), tuple(faults)


def _unread(run: Sequence[Token]) -> Diagnostic:
    return Diagnostic(code="SEQ101", message="This declaration could not be read.", at=Label(run[0].span))


def _read_templates(tokens: Sequence[Token]) -> None:
    for before, token in zip(tokens, tokens[1:], strict=False):
        if before.text == "say" and "TEMPLATE" in token.fits:
            template, faults = read_template(token)
            token.value = None if faults else template

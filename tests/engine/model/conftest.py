"""What the tests of the checker share: rule files in a few words, checked."""

import pytest

from sequela.engine.model.check import check_rules, declare_tables
from sequela.engine.source import Source
from sequela.engine.syntax.parse import parse
from sequela.engine.tables.load import load_rows

SHARED = """
codes visits of HCPCS
  99202 .. 99205
codes diabetes of ICD10CM
  under E11
codes sides of MODIFIER
  LT, RT
codes level-one of CPT
  99213
table lim "Limits"
  key code of HCPCS
  value units as number, cost as money, causes as codes of ICD10CM, since as date, kind as text, ok as yes-no,
        sub as code of CPT
  file "limits.csv"
  complete
condition same-day (line a, line b)
  a.date is b.date
condition paid (line a)
  a is payable
"""
"""Sets, a table and conditions that the rules of the tests use."""


class Checked:
    """The rules of some files, and what was said about them."""

    def __init__(self, rules, diagnostics):
        self.rules = rules
        self.diagnostics = diagnostics

    @property
    def codes(self):
        return [one.code for one in self.diagnostics]

    def only(self):
        """The one diagnostic that there is."""
        assert len(self.diagnostics) == 1, [(one.code, one.message) for one in self.diagnostics]
        return self.diagnostics[0]

    def rule(self, name="A", payer=None):
        """A rule by its id, for a payer."""
        return next(rule for rule in self.rules.selections[payer].rules if rule.id == name)

    def version(self, name="A", payer=None):
        """The only version of a rule."""
        (segment,) = self.rule(name, payer).segments
        return segment.version


@pytest.fixture
def check():
    """Check texts, each a rule file; one without a header is the ruleset `r`. Rows in place are loaded."""

    def run(*texts):
        files = []
        for number, text in enumerate(texts):
            text = text if text.lstrip().startswith(("ruleset", "payer")) else f'ruleset r "R"\n{text}'
            file, faults = parse(Source(f"file{number}.rules", text))
            assert not faults, [(fault.code, fault.message) for fault in faults]
            files.append(file)
        definitions, undeclared = declare_tables(files)
        tables = {key: load_rows(one.shape, one.rows, file="") for key, one in definitions.items() if one.file is None}
        rules, diagnostics = check_rules(files, tables)
        said = {(one.code, one.at.span.start, one.message) for one in diagnostics}
        assert all((one.code, one.at.span.start, one.message) in said for one in undeclared)
        return Checked(rules, diagnostics)

    return run


@pytest.fixture
def check_rule(check):
    """Check one rule about a line `v`, given by its clauses but for `for` and `if fail`, beside what is shared."""

    def run(body, *, subjects="for each line v", follows="if fail deny"):
        return check(f'{SHARED}\nrule A "a"\n  {subjects}\n  {body}\n  {follows}\n')

    return run

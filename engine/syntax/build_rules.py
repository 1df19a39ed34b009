"""Build, the rules: their clauses, and what a payer changes.

In:   the children of a grammar rule: tokens and nodes, in the order of the text.    Out: nodes of declarations.py.
Uses: build_conditions, declarations.                                                Used by: build.
Not here: whether the clauses of a rule are all there and in order (clauses).
"""

from typing import Any

from sequela.engine.source import Span
from sequela.engine.syntax import declarations as d
from sequela.engine.syntax.build_conditions import Children, code_of, literal_of, name_of, path_of, span_of, text_of
from sequela.engine.syntax.conditions import Path
from sequela.engine.syntax.node import Name, Text


class BuildRules:
    """One method for every grammar rule of rules and payer changes."""

    def rule(self, children: Children) -> d.RuleDeclaration:
        """`rule ID "title"` with its clauses."""
        _, name, title = children[0]
        return d.RuleDeclaration(span=span_of(children), name=name, title=title, clauses=tuple(children[1:]))

    def rule_head(self, children: Children) -> tuple[Span, Name, Text]:
        """`rule ID "title"`."""
        return span_of(children), name_of(children[1]), text_of(children[2])

    def clause(self, children: Children) -> Any:
        """One clause by itself."""
        return children[0]

    # ------------------------------------------------------------ where it applies

    def effective(self, children: Children) -> d.Effective:
        """`effective DATE onward by line date`."""
        by = children[2][1] if len(children) == 3 else None
        return d.Effective(span=span_of(children), period=children[1], by=by)

    def effective_by(self, children: Children) -> tuple[Span, str]:
        """`by line date`."""
        return span_of(children), children[1].text

    def settings(self, children: Children) -> d.Settings:
        """`settings professional, outpatient`."""
        return d.Settings(span=span_of(children), names=tuple(name_of(token) for token in children[1::2]))

    def phase(self, children: Children) -> d.Phase:
        """`phase pairs`."""
        return d.Phase(span=span_of(children), name=name_of(children[1]))

    def for_each(self, children: Children) -> d.ForEach:
        """`for each line visit in visits`."""
        binders = tuple(child for child in children[2:] if isinstance(child, d.Binder))
        same = children[-1][1] if isinstance(children[-1], tuple) else ()
        return d.ForEach(span=span_of(children), binders=binders, same=same)

    def for_group(self, children: Children) -> d.ForEach:
        """`for each group day of lines by code, date`."""
        span = span_of(children[2:])
        by = tuple(name_of(token) for token in children[7::2])
        group = d.GroupBinder(span=span, name=name_of(children[3]), by=by)
        return d.ForEach(span=span_of(children), binders=group)

    def for_first(self, children: Children) -> d.ForFirstDiagnosis:
        """`for the first diagnosis dx`."""
        return d.ForFirstDiagnosis(span=span_of(children), name=name_of(children[4]))

    def for_claim(self, children: Children) -> d.ForClaim:
        """`for the claim`."""
        return d.ForClaim(span=span_of(children))

    def binder(self, children: Children) -> d.Binder:
        """`other line work of visit in SET`."""
        which = children[0].text if isinstance(children[1], tuple) else None
        kind, name, *rest = children[0 if which is None else 1 :]
        of = next((child for child in rest if isinstance(child, Name)), None)
        within = next((child for child in rest if isinstance(child, Path)), None)
        return d.Binder(span=span_of(children), which=which, kind=kind[1], name=name_of(name), of=of, within=within)

    def same(self, children: Children) -> tuple[Span, tuple[Name, ...]]:
        """`with the same date, provider`."""
        return span_of(children), tuple(name_of(token) for token in children[3::2])

    def look_up(self, children: Children) -> d.LookUp:
        """`look up row in TABLE by K`."""
        on = children[-1][1] if isinstance(children[-1], tuple) else None
        keys = children[6::2] if on is None else children[6:-1:2]
        name, table = name_of(children[2]), name_of(children[4])
        return d.LookUp(span=span_of(children), name=name, table=table, keys=tuple(keys), on=on)

    def look_up_on(self, children: Children) -> tuple[Span, Any]:
        """`on D`."""
        return span_of(children), children[1]

    def when(self, children: Children) -> d.When:
        """`when C`."""
        return d.When(span=span_of(children), condition=children[1])

    def unless(self, children: Children) -> d.Unless:
        """`unless C`."""
        return d.Unless(span=span_of(children), condition=children[1])

    # ------------------------------------------------------------ what must hold

    def require(self, children: Children) -> d.Require:
        """`require C`."""
        return d.Require(span=span_of(children), condition=children[1])

    def forbidden(self, children: Children) -> d.Forbidden:
        """`forbidden`."""
        return d.Forbidden(span=span_of(children), condition=None)

    def forbidden_when(self, children: Children) -> d.Forbidden:
        """`forbidden when C`."""
        return d.Forbidden(span=span_of(children), condition=children[2])

    def bypass(self, children: Children) -> d.Bypass:
        """`bypass when C`."""
        return d.Bypass(span=span_of(children), condition=children[2])

    # ------------------------------------------------------------ what follows

    def if_fail(self, children: Children) -> d.IfFail:
        """`if fail deny visit`."""
        about = tuple(name_of(token) for token in children[3::2])
        return d.IfFail(span=span_of(children), outcome=name_of(children[2]), about=about)

    def if_unknown(self, children: Children) -> d.IfUnknown:
        """`if unknown warn`."""
        return d.IfUnknown(span=span_of(children), outcome=name_of(children[2]))

    def say(self, children: Children) -> d.Say:
        """`say "…"`; the template was read when the token was."""
        return d.Say(span=span_of(children), template=children[1].value)

    def hole(self, children: Children) -> d.Hole:
        """`{visit.code}`, without its braces."""
        first = children[0]
        if isinstance(first, Path | d.CodesNear):
            return d.Hole(span=first.span, value=first)
        if isinstance(first, tuple):
            return d.Hole(span=first[0], value=first[1](first[0]))
        if len(children) == 1:
            return d.Hole(span=first.span, value=path_of(first))
        return d.Hole(span=span_of(children), value=None)

    def codes_near(self, children: Children) -> d.CodesNear:
        """`codes near dx.code`."""
        return d.CodesNear(span=span_of(children), value=children[2])

    def suggest(self, children: Children) -> d.Suggest:
        """`suggest CHANGE only if "…"`."""
        only_if = children[2][1] if len(children) == 3 else None
        return d.Suggest(span=span_of(children), change=children[1], only_if=only_if)

    def only_if(self, children: Children) -> tuple[Span, Text]:
        """`only if "…"`."""
        return span_of(children), text_of(children[2])

    def add_modifier(self, children: Children) -> d.AddModifier:
        """`add modifier 25 to visit`."""
        return d.AddModifier(span=span_of(children), modifier=code_of(children[2]), line=name_of(children[4]))

    def remove_modifier(self, children: Children) -> d.RemoveModifier:
        """`remove modifier 59 from part`."""
        modifier: Any = literal_of(children[2])
        return d.RemoveModifier(span=span_of(children), modifier=modifier, line=name_of(children[4]))

    def replace_modifier(self, children: Children) -> d.ReplaceModifier:
        """`replace modifier 59 on part by XS`."""
        modifier: Any = literal_of(children[2])
        by: Any = literal_of(children[6])
        return d.ReplaceModifier(span=span_of(children), modifier=modifier, line=name_of(children[4]), by=by)

    def move_diagnosis(self, children: Children) -> d.MoveDiagnosis:
        """`move cause before dx`, `move cause first`."""
        anchor = name_of(children[3]) if len(children) > 3 else None
        before = children[2].text != "after"
        return d.MoveDiagnosis(span=span_of(children), diagnosis=name_of(children[1]), before=before, anchor=anchor)

    def point_line(self, children: Children) -> d.PointLine:
        """`point assay to dx`."""
        return d.PointLine(span=span_of(children), line=name_of(children[1]), diagnosis=name_of(children[3]))

    def replace_diagnosis(self, children: Children) -> d.ReplaceDiagnosis:
        """`replace dx by E11.22`."""
        code: Any = literal_of(children[3])
        return d.ReplaceDiagnosis(span=span_of(children), diagnosis=name_of(children[1]), code=code)

    def adjustment(self, children: Children) -> d.Adjustment:
        """`adjustment CO 97, M15`."""
        rarcs = tuple(token.text for token in children[4::2])
        return d.Adjustment(span=span_of(children), group=children[1].text, carc=children[2].text, rarcs=rarcs)

    def cite(self, children: Children) -> d.Cite:
        """`cite A section "…", B`."""
        return d.Cite(span=span_of(children), items=tuple(children[1::2]))

    def citation(self, children: Children) -> d.Citation:
        """`A section "…"`."""
        section = text_of(children[2]) if len(children) == 3 else None
        return d.Citation(span=span_of(children), source=name_of(children[0]), section=section)

    # ------------------------------------------------------------ what a payer changes

    def disable(self, children: Children) -> d.ChangeDeclaration:
        """`disable ID` with its clauses."""
        return self._changes_of("disable", children)

    def relax(self, children: Children) -> d.ChangeDeclaration:
        """`relax ID` with its clauses."""
        return self._changes_of("relax", children)

    def tighten(self, children: Children) -> d.ChangeDeclaration:
        """`tighten ID` with its clauses."""
        return self._changes_of("tighten", children)

    def override(self, children: Children) -> d.ChangeDeclaration:
        """`override ID` with its clauses."""
        return self._changes_of("override", children)

    def _changes_of(self, verb: str, children: Children) -> d.ChangeDeclaration:
        rule = children[0][1]
        return d.ChangeDeclaration(span=span_of(children), verb=verb, rule=rule, clauses=tuple(children[1:]))

    def unless_also(self, children: Children) -> d.UnlessAlso:
        """`unless also C`."""
        return d.UnlessAlso(span=span_of(children), condition=children[2])

    def require_also(self, children: Children) -> d.RequireAlso:
        """`require also C`."""
        return d.RequireAlso(span=span_of(children), condition=children[2])

    def only_when(self, children: Children) -> d.OnlyWhen:
        """`only when C`."""
        return d.OnlyWhen(span=span_of(children), condition=children[2])

    def reason(self, children: Children) -> d.Reason:
        """`reason "…"`."""
        return d.Reason(span=span_of(children), text=text_of(children[1]))

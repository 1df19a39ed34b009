"""Wording: the sentences about a claim that the engine itself says.

In:   verdicts, evidence.      Out: texts of one line.
Uses: labels, values_text, evaluate.    Used by: entries, tree, as_text.
Not here: what authors say (rule files); how it is laid out (as_text).
"""

from sequela.engine.evaluate.replay import Replay, read_in
from sequela.engine.evaluate.verdict import NotApplicable, Status, Verdict
from sequela.engine.evaluate.walk_verdicts import consequences_not_held
from sequela.engine.explain.record import Record
from sequela.engine.explain.values_text import value_text
from sequela.engine.model.rules import Template


def message_of(replayed: Replay) -> str:
    """What the author says of a failure: the `say` of the consequence that won, or the title."""
    judgement = replayed.judgements[0]
    version = judgement.segment.version
    failed = [consequence for consequence, certain in consequences_not_held(version, judgement) if certain]
    won = min(failed, key=lambda one: (one.outcome.place, one is not version.consequence), default=version.consequence)
    return filled_in(won.message, replayed) if won.message else version.title


def filled_in(message: Template, replayed: Replay) -> str:
    """A text of a rule with its values: printed by type, "not known" where they are not."""
    said: list[str] = []
    for part in message:
        if isinstance(part, str):
            said.append(part)
        else:
            found = read_in(part.value, replayed.judgements[0], replayed.scope)
            said.append(value_text(found.value, part.value.type))
    return "".join(said)


def reason_of(verdict: Verdict, record: Record) -> str:
    """Why, in one line."""
    match verdict.status:
        case Status.NOT_APPLICABLE:
            return _not_applicable(verdict, record)
        case Status.ERROR:
            return f"the engine could not decide it: {verdict.fault or 'no reason was noted'}"
        case _:
            return str(verdict.status.value)


def _not_applicable(verdict: Verdict, record: Record) -> str:
    setting = record.view.encounter.setting
    match verdict.reason:
        case NotApplicable.SETTING:
            return f"it is not for {setting} claims"
        case NotApplicable.NO_SUBJECT:
            return "nothing on the claim is what it speaks about"
        case None:
            return "it does not apply"
        case _:
            return str(verdict.reason.value)

"""Messages: what a rule's author says of a failure, with its values filled in.

In:   a failure, its scope.          Out: texts.
Uses: evaluate.replay, printing.     Used by: entries.
Not here: what the engine says itself (wording, reasons).
"""

from sequela.engine.evaluate.evidence import Scope
from sequela.engine.evaluate.near import near_text
from sequela.engine.evaluate.printing import printed_value
from sequela.engine.evaluate.replay import Replay
from sequela.engine.evaluate.verdict import Bound, Verdict
from sequela.engine.evaluate.walk_conditions import settle
from sequela.engine.evaluate.walk_values import read
from sequela.engine.evaluate.walk_verdicts import consequences_not_held
from sequela.engine.model.rules import CodesNear, Template


def message_of(replayed: Replay) -> str:
    """What the author says of a failure: the `say` of the consequence that won, or the title."""
    judgement = replayed.judgements[0]
    version = judgement.segment.version
    failed = [consequence for consequence, certain in consequences_not_held(version, judgement) if certain]
    won = min(failed, key=lambda one: (one.outcome.place, one is not version.consequence), default=version.consequence)
    return filled_in(won.message, judgement.frame, replayed.scope) if won.message else version.title


def only_message_of(verdict: Verdict, scope: Scope) -> str | None:
    """The same where only one thing can be said, so that nothing is to be judged again; None where there are several."""
    segment = verdict.segment
    if segment is None or any(one.consequence is not None for one in segment.version.requirements):
        return None
    message = segment.version.consequence.message
    return filled_in(message, list(verdict.frame), scope) if message else segment.version.title


def filled_in(message: Template, frame: list[Bound], scope: Scope) -> str:
    """A text of a rule with its values on a frame: printed by type, "not known" where they are not."""
    said: list[str] = []
    for part in message:
        if isinstance(part, str):
            said.append(part)
        elif isinstance(part.value, CodesNear):
            said.append(near_text(part.value, frame, scope))
        else:
            found = settle(read(part.value, frame, scope), scope)
            said.append(printed_value(found.value, part.value.type))
    return "".join(said)

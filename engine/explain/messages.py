"""Messages: what a rule's author says of a failure, with its values filled in.

In:   a replayed failure.            Out: texts.
Uses: evaluate.replay, printing.     Used by: entries.
Not here: what the engine says itself (wording, reasons).
"""

from sequela.engine.evaluate.near import near_text
from sequela.engine.evaluate.printing import printed_value
from sequela.engine.evaluate.replay import Replay, read_in
from sequela.engine.evaluate.walk_verdicts import consequences_not_held
from sequela.engine.model.rules import CodesNear, Template


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
        elif isinstance(part.value, CodesNear):
            said.append(near_text(part.value, replayed.judgements[0].frame, replayed.scope))
        else:
            found = read_in(part.value, replayed.judgements[0], replayed.scope)
            said.append(printed_value(found.value, part.value.type))
    return "".join(said)

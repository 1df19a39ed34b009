"""Near: the valid codes that are nearest to a code, as a text prints them.

In:   `codes near dx.code` of a text, on a frame.      Out: text.
Uses: tables.near_codes, model.catalogues, walk_values.    Used by: explain.messages.
Not here: which codes are near (tables.near_codes).
"""

from sequela.engine.evaluate.evidence import Scope
from sequela.engine.evaluate.facts import Frame
from sequela.engine.evaluate.printing import NONE_THERE, NOT_KNOWN
from sequela.engine.evaluate.walk_conditions import settle
from sequela.engine.evaluate.walk_values import read
from sequela.engine.model.catalogues import Catalogues
from sequela.engine.model.rules import CodesNear
from sequela.engine.tables.near_codes import codes_near
from sequela.engine.vocabulary.kinds import CodeOf
from sequela.engine.vocabulary.systems import printed


def near_text(near: CodesNear, frame: Frame, scope: Scope) -> str:
    """The codes nearest to a code and valid on the governing date, parted by commas.

    Returns: "none" where the catalogue has none; "not known" where the code, the date or the catalogue is not.
    """
    kind = near.value.type
    code = settle(read(near.value, frame, scope), scope).value
    if scope.on is None or not isinstance(code, str) or not isinstance(kind, CodeOf):
        return NOT_KNOWN
    catalogue = Catalogues(scope.tables).of(kind.system, code, dict(near.catalogues))
    found = None if catalogue is None else codes_near(catalogue, code, scope.on)
    if found is None:
        return NOT_KNOWN
    said = ", ".join(printed(kind.system, one) for one in found.codes) or NONE_THERE
    return f"{said} and {found.more:,} more" if found.more else said

"""JSON sound part: what is left of a claim without the values that are at fault, so that the rest can be judged too.

In:   a decoded JSON value and its faults.    Out: `SoundPart`.
Uses: fault, json_places.                     Used by: from_json.
"""

from collections.abc import Iterable, Iterator, Mapping
from typing import Any, Final

from msgspec import Struct, field
from msgspec.structs import replace

from sequela.engine.encounter.fault import Fault
from sequela.engine.encounter.json_places import escaped

_STAND_INS: Final[dict[str, Any]] = {"id": "?", "setting": "professional", "lines": []}
_RESTS_ON: Final = {"SEQ720": "/diagnoses", "SEQ721": "/lines", "SEQ722": "/diagnoses"}


class SoundPart(Struct):
    """A claim without some of its values, and for each shortened list the places that were kept."""

    value: Any
    kept: dict[str, list[int]] = field(default_factory=dict)

    def faults_in_whole(self, faults: Iterable[Fault]) -> Iterator[Fault]:
        """Faults of the part, with the pointers of the whole; none that rest on a list of which something is gone."""
        for fault in faults:
            if _RESTS_ON.get(fault.code) not in self.kept:
                yield replace(fault, pointer=self._in_whole(fault.pointer))

    def _in_whole(self, pointer: str) -> str:
        whole = ""
        for step in pointer.split("/")[1:]:
            places = self.kept.get(whole)
            whole += f"/{step if places is None else places[int(step)]}"
        return whole


def sound_part(value: Any, faults: Iterable[Fault]) -> SoundPart:
    """The value without each key or item at which a fault stands; what a claim must have is filled in."""
    part = SoundPart(None)
    part.value = _without(value, "", {fault.pointer for fault in faults if fault.pointer}, part.kept)
    if isinstance(part.value, dict):
        part.value = _STAND_INS | part.value
    return part


def _without(value: Any, pointer: str, faulty: set[str], kept: dict[str, list[int]]) -> Any:
    if isinstance(value, Mapping):
        below = ((key, f"{pointer}/{escaped(str(key))}", item) for key, item in value.items())
        return {key: _without(item, at, faulty, kept) for key, at, item in below if at not in faulty}
    if isinstance(value, list):
        places = [index for index in range(len(value)) if f"{pointer}/{index}" not in faulty]
        if len(places) < len(value):
            kept[pointer] = places
        return [_without(value[index], f"{pointer}/{index}", faulty, kept) for index in places]
    return value

"""Unknown and none: the two ways in which a fact can fail to be there.

*Unknown* is Python's `None`: nobody said. *None*, in the language's sense, is `NONE`: it is known that there is nothing,
as with the procedure code of a line that was sent with a revenue code alone, or an empty cell of a table.
None is missing, stands in no set and no key, equals nothing; a comparison of it by size or date is unknown.
"""

from enum import Enum
from typing import Final


class Nothing(Enum):
    """The single value `NONE`."""

    NONE = "none"

    def __bool__(self) -> bool:
        return False


NONE: Final = Nothing.NONE

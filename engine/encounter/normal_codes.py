"""Normal codes: codes as sent, in normal form, remembered because the same few come again and again.

In:   a code as sent.      Out: the code in normal form.
Uses: vocabulary.          Used by: view, fields, soundness.
"""

from collections.abc import Callable
from functools import cache, lru_cache, partial

from sequela.engine.vocabulary.systems import System, dot_fits, has_shape, normal

REMEMBERED = 32_768


@cache
def normaliser(system: System) -> Callable[[str], str]:
    """A function from a code of `system` as sent to its normal form.

    >>> normaliser(System.ICD10CM)("e11.9")
    'E119'
    """
    return lru_cache(REMEMBERED)(partial(normal, system))


@cache
def shape_check(system: System) -> Callable[[str], bool]:
    """A function that says whether a code of `system`, as sent, has the shape of a whole code.

    >>> shape_check(System.HCPCS)("99213"), shape_check(System.HCPCS)("9921")
    (True, False)
    """

    def is_shaped(code: str) -> bool:
        return has_shape(system, normal(system, code)) and dot_fits(system, code)

    return lru_cache(REMEMBERED)(is_shaped)

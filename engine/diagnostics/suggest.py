"""Did you mean: the names, keys or codes nearest to a word that is none of them.

In:   a word and what it could have been.    Out: `nearest`, `did_you_mean`, `listed`.
Uses: nothing.                               Used by: every room that reports an unknown word.
Not here: which words are possible at a place (each room knows its own).
"""

import re
from bisect import bisect_left
from collections.abc import Collection, Iterable

MANY = 4_000
"""Above so many candidates the word's own neighbours are looked up instead of comparing it with every candidate."""

_LETTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-."


def nearest(word: str, candidates: Iterable[str], n: int = 1) -> tuple[str, ...]:
    """The `n` candidates (at most) that a person may have meant by `word`, best first; empty when none is near.

    Near is: the same but for case, hyphens or the order of its parts; one slip (a letter wrong, missing, too many, or
    two swapped) in a word of up to six letters, two up to nine, three from ten on; one the beginning of the other.
    Among 75,000 candidates that takes some hundredths of a second: there one slip counts, or a common beginning.
    """
    pool: Collection[str] = candidates if isinstance(candidates, (set, frozenset, dict)) else dict.fromkeys(candidates)
    if not word:
        return ()
    scored = _among_many(word, pool) if len(pool) > MANY else _among_few(word, pool)
    scored.sort()
    if not scored:
        return ()
    best = scored[0][0]  # what is worse than the best is no help beside it
    return tuple(candidate for score, *_, candidate in scored[:n] if score == best)


def did_you_mean(word: str, candidates: Iterable[str], n: int = 3) -> str | None:
    """A hint, "Did you mean `visits`?", or None when nothing is near.

    >>> did_you_mean("vists", ["visits", "sides"])
    'Did you mean `visits`?'
    """
    found = nearest(word, candidates, n)
    return f"Did you mean {listed(found, last='or')}?" if found else None


def listed(words: Iterable[str], *, last: str = "and") -> str:
    """Words in a sentence, each quoted: "`a`, `b` and `c`".

    >>> listed(["a", "b", "c"], last="or")
    '`a`, `b` or `c`'
    """
    quoted = [f"`{word}`" for word in words]
    if len(quoted) < 2:
        return "".join(quoted)
    return f"{', '.join(quoted[:-1])} {last} {quoted[-1]}"


_Scored = tuple[int, bool, int, int, str]


def _ranked(score: int, word: str, other: str, candidate: str) -> _Scored:
    """What sorts the nearest first: few slips, then the same letters swapped, then a long common beginning."""
    return score, sorted(word) != sorted(other), -_common(word, other), abs(len(word) - len(other)), candidate


def _among_few(word: str, pool: Collection[str]) -> list[_Scored]:
    folded, allowed = _folded(word), _allowed(word)
    scored = []
    for candidate in pool:
        if candidate == word:
            continue
        other = _folded(candidate)
        score = _score(folded, other, allowed)
        if score is not None:
            scored.append(_ranked(score, folded, other, candidate))
    return scored


def _score(word: str, other: str, allowed: int) -> int | None:
    """How far `other` is from `word`, both folded; None when it is not near."""
    if word == other:
        return 0
    slips = distance(word, other, allowed)
    if slips is not None:
        return slips
    parts, others = word.split("-"), other.split("-")
    if len(parts) > 1 and sorted(parts) == sorted(others):
        return 1
    if len(word) >= 3 and len(other) >= 3 and (other.startswith(word) or word.startswith(other)):
        return 2
    if len(word) >= 4 and (word in others or other in parts):
        return 3
    return None


def _allowed(word: str) -> int:
    if len(word) < 3:
        return 1 if len(word) == 2 else 0
    return max(1, len(word) * 3 // 10)


def _folded(word: str) -> str:
    return re.sub(r"[\s_]+", "-", word.strip().lower())


def _common(word: str, other: str) -> int:
    """The length of the common beginning."""
    count = 0
    for one, two in zip(word, other, strict=False):
        if one != two:
            break
        count += 1
    return count


def distance(word: str, other: str, allowed: int) -> int | None:
    """The number of slips between two words, or None above `allowed`.

    A slip is a letter changed, added or left out, or two neighbours swapped.

    >>> distance("visit", "vsiit", 2)
    1
    """
    if abs(len(word) - len(other)) > allowed:
        return None
    if len(word) == len(other) == 2:  # in words of two letters only a swap is a slip, else every pair of codes is near
        return 1 if word == other[::-1] and allowed else None
    older: list[int] = []
    previous = list(range(len(other) + 1))
    for i, letter in enumerate(word, start=1):
        current = [i]
        for j, second in enumerate(other, start=1):
            cost = min(previous[j] + 1, current[j - 1] + 1, previous[j - 1] + (letter != second))
            if i > 1 and j > 1 and letter == other[j - 2] and word[i - 2] == second:
                cost = min(cost, older[j - 2] + 1)
            current.append(cost)
        if min(current) > allowed:
            return None
        older, previous = previous, current
    return previous[-1] if previous[-1] <= allowed else None


def _among_many(word: str, pool: Collection[str]) -> list[_Scored]:
    """One slip, by looking up every neighbour of the word; else the candidates that share the longest beginning."""
    known: Collection[str] = pool if isinstance(pool, (set, frozenset, dict)) else set(pool)
    scored: dict[str, _Scored] = {}
    for spelling in dict.fromkeys((word, word.upper(), word.lower())):
        if spelling != word and spelling in known:
            scored[spelling] = _ranked(0, spelling, spelling, spelling)
        for neighbour in _neighbours(spelling):
            if neighbour in known and neighbour != word and neighbour not in scored:
                scored[neighbour] = _ranked(1, spelling, neighbour, neighbour)
    if scored:
        return list(scored.values())
    ordered = sorted(known)
    for length in range(len(word), 2, -1):
        start = word[:length].upper()
        at = bisect_left(ordered, start)
        kin = [candidate for candidate in ordered[at : at + 3] if candidate.startswith(start) and candidate != word]
        if kin:
            return [(2, True, -length, place, candidate) for place, candidate in enumerate(kin)]
    return []


def _neighbours(word: str) -> Iterable[str]:
    """Every spelling that is one slip away, in the letters of codes and in those of the word itself."""
    letters = dict.fromkeys(_LETTERS + (_LETTERS.lower() if word != word.upper() else "") + word)
    for at in range(len(word) + 1):
        head, tail = word[:at], word[at:]
        if tail:
            yield head + tail[1:]
            yield from (head + letter + tail[1:] for letter in letters)
        if len(tail) > 1:
            yield head + tail[1] + tail[0] + tail[2:]
        yield from (head + letter + tail for letter in letters)

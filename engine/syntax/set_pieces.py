"""Set pieces: a declaration of a set that has mistakes, cut into its entries, each read past its own.

In:   the tokens of a declaration of a set.     Out: its mistakes, in its section.
Uses: section, mistakes.                        Used by: pieces.
"""

from collections.abc import Sequence
from typing import Final

from sequela.engine.diagnostics.model import Label
from sequela.engine.syntax.fault import Mistake, token_of
from sequela.engine.syntax.scan import Token
from sequela.engine.syntax.section import Section, read_piece

_BULLETS: Final = frozenset("-*•–")


def read_set(section: Section, tokens: list[Token]) -> None:
    """Read a declaration of a set, entry by entry."""
    head, entries = _codes_head(tokens)
    opened = read_piece(section, "codes_head", head)
    if opened.left:
        entries = [*opened.left, *entries]
    if not any(token.text not in (",", "except") for token in entries):
        if opened.whole and not opened.mistakes:
            section.mistakes.append(_empty_set(section, tokens))
        return
    for group in _excepted(section, _without_bullets(section, _without_brackets(section, entries))):
        for piece in _entry_pieces(section, group):
            _entry(section, piece)


def _codes_head(tokens: list[Token]) -> tuple[list[Token], list[Token]]:
    """The tokens of `codes NAME of SYSTEM`, or what stands for them, and the rest."""
    for index, token in enumerate(tokens[:5]):
        if token.text == "of" and index:
            end = index + 1
            while tokens[end : end + 1] and tokens[end].text == "of":
                end += 1
            if tokens[end : end + 1] and not tokens[end].opens_line:
                end += 1
            return tokens[:end], tokens[end:]
    end = next((index for index, token in enumerate(tokens) if index and token.opens_line), min(3, len(tokens)))
    return tokens[:end], tokens[end:]


def _empty_set(section: Section, tokens: Sequence[Token]) -> Mistake:
    name = tokens[1].span if len(tokens) > 1 else tokens[0].span
    return Mistake(
        code="SEQ163",
        message=f"The set `{tokens[1].text}` has no entries.",
        at=Label(name),
        hint="Write its codes, parted by commas: `99202 .. 99205, 99211`.",
    )


def _excepted(section: Section, entries: Sequence[Token]) -> list[list[Token]]:
    """What is in the set, and what is taken out; `except` stands once and last."""
    places = [index for index, token in enumerate(entries) if token.text == "except"]
    for place in places[1:]:
        section.mistakes.append(
            Mistake(
                code="SEQ165",
                message="`except` stands twice in the set.",
                at=Label(entries[place].span),
                also=(Label(entries[places[0]].span, "the first one"),),
                hint="It stands once, after the last entry, and takes out all that follows: `except 99211, 99215`.",
            )
        )
    groups: list[list[Token]] = [[]]
    for token in entries:
        if token.text == "except":
            groups.append([])
        else:
            groups[-1].append(token)
    if places and places[0] == 0:
        section.mistakes.append(
            Mistake(
                code="SEQ165",
                message="`except` stands before what it takes from.",
                at=Label(entries[0].span),
                hint="Write the entries first, then `except …`.",
            )
        )
        return []
    if places and not groups[-1]:
        section.mistakes.append(
            Mistake(
                code="SEQ165",
                message="Nothing stands after `except`.",
                at=Label(entries[places[-1]].span),
                hint="Write what is taken out, or leave `except` away.",
            ),
        )
    return groups


def _without_brackets(section: Section, entries: Sequence[Token]) -> list[Token]:
    """The entries without the brackets around all of them, which are one mistake."""
    if len(entries) < 2 or (entries[0].text, entries[-1].text) not in (("[", "]"), ("{", "}"), ("(", ")")):
        return list(entries)
    section.mistakes.append(
        Mistake(
            code="SEQ115",
            message="The codes of a set stand without brackets.",
            at=Label(entries[0].span),
            also=(Label(entries[-1].span),),
            hint="Leave the brackets away, and part the codes by commas.",
        )
    )
    return list(entries[1:-1])


def _without_bullets(section: Section, entries: Sequence[Token]) -> list[Token]:
    """The entries with commas for the signs that open their lines, as in YAML; the first such sign is a mistake."""
    bullets = [token for token in entries if token.opens_line and token.text in _BULLETS]
    if not bullets:
        return list(entries)
    section.mistakes.append(
        Mistake(
            code="SEQ117",
            message=f"No entry begins with `{bullets[0].text}`.",
            at=Label(bullets[0].span),
            hint="Write the codes alone, parted by commas.",
        )
    )
    parted: list[Token] = []
    for token in entries:
        if token not in bullets:
            parted.append(token)
        elif parted and parted[-1].text not in (",", "except"):
            parted.append(token_of(",", token.span))
    return parted


def _entry_pieces(section: Section, tokens: Sequence[Token]) -> list[list[Token]]:
    """The entries between the commas; a comma with nothing before or after it is a mistake."""
    pieces: list[list[Token]] = [[]]
    commas: list[Token] = []
    depth = 0
    for token in tokens:
        depth += {"(": 1, ")": -1}.get(token.text, 0)
        if token.text == "," and depth <= 0:
            commas.append(token)
            pieces.append([])
        else:
            pieces[-1].append(token)
    for index, comma in enumerate(commas):
        empty_before = not pieces[index]
        empty_last = index == len(commas) - 1 and not pieces[-1]
        if empty_before or empty_last:
            where = "after the last entry" if empty_last and not empty_before else "where no entry stands before it"
            section.mistakes.append(
                Mistake(code="SEQ164", message=f"A comma stands {where}.", at=Label(comma.span), hint="Leave it away.")
            )
    return [piece for piece in pieces if piece]


def _entry(section: Section, piece: list[Token]) -> None:
    left = piece
    for _ in range(len(piece)):
        mended = read_piece(section, "entry", left)
        if mended.opens is None or not mended.left:
            return
        left = mended.left

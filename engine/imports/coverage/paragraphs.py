"""Paragraphs: what the prose of a group of codes says, as far as it can be read with certainty.

In:   the HTML of a paragraph.    Out: `plain_text`, `Spoken`, `spoken`.
Uses: html, re.                   Used by: imports.coverage.lists.
Not here: which diagnoses belong to which service in the end (lists).

Whether a diagnosis of a group is enough by itself stands in prose alone: "group 2 only with a code of group 3". Prose is not
understood here. A paragraph that speaks of another group, or of a second code, is only marked: somebody must read it.
"""

import re
from collections.abc import Collection
from html import unescape
from typing import Final

from attrs import frozen

_BREAK: Final = re.compile(r"<\s*/?\s*(?:br|p|li|tr|div|h[1-6])\b[^>]*>", re.IGNORECASE)
_TAG: Final = re.compile(r"<!--.*?-->|<[A-Za-z/!][^>]*>", re.DOTALL)
_GROUPS: Final = re.compile(r"\bgroups?\s+((?:\d+|and|or|and/or|&|,|-|–|through|to|with|\s)+)", re.IGNORECASE)
_NUMBER: Final = re.compile(r"\d+")
_SECOND_CODE: Final = re.compile(
    r"\bboth\b|\bin addition to\b|\bin conjunction with\b|\b(?:along|together|combination) with\b|\bin combination\b|"
    r"\bsecondary\b|\bprimary (?:diagnos|code|icd)|\bdual diagnos|\bfrom each\b|\baccompanied by\b|\btwo (?:diagnos|icd|codes)|"
    r"\bonly (?:when|if|with)\b|\bmust (?:also |be )?(?:billed|report|accompan|include)|\bmore than one diagnos",
    re.IGNORECASE,
)
_CODE: Final = r"(?:[A-Z]\d{4}|\d{4}[A-Z0-9])"
_SERVICE: Final = re.compile(rf"\b({_CODE})\b(?:\s*(?:-|–|through|thru|to)\s*({_CODE})\b)?")
_LONGEST: Final = 1_000


@frozen
class Spoken:
    """What a paragraph speaks of: `services` of those of the article, and whether a second code or group is in it."""

    services: frozenset[str]
    of_another: bool


def plain_text(html: str, longest: int = _LONGEST) -> str:
    """The text of a piece of HTML on one line, cut at `longest` characters.

    >>> plain_text("<p>Group&nbsp;1 &amp; <b>2</b>:</p>both &lt; 3")
    'Group 1 & 2: both < 3'
    """
    if "<" not in html and "&lt;" in html:  # HTML that was packed as text
        html = unescape(html)
    text = unescape(_TAG.sub("", _BREAK.sub(" ", html)))
    text = " ".join(text.replace("\N{NO-BREAK SPACE}", " ").split())
    return text if len(text) <= longest else f"{text[: longest - 3].rstrip()}..."


def spoken(text: str, group: int, services: Collection[str]) -> Spoken:
    """What the paragraph of a group speaks of; `services` are the codes of its article.

    >>> spoken("Group 1: for 82947 to 82951", 1, ["82947", "82948", "83036"]).services == {"82947", "82948"}
    True
    >>> spoken("Report a code of group 3 as well.", 2, []).of_another
    True
    """
    named: set[str] = set()
    for first, last in _SERVICE.findall(text):
        named.update(code for code in services if first <= code <= (last or first) and len(code) == len(first))
    numbers = {int(number) for found in _GROUPS.findall(text) for number in _NUMBER.findall(found)}
    return Spoken(frozenset(named), bool(numbers - {group}) or _SECOND_CODE.search(text) is not None)

"""The registry of codes: a page for every `SEQnnn`, with its meaning, an example that fails and the same one mended.

In:   pages/*.md.        Out: `Page`, `Example`, `page`, `all_codes`, `nearest_code`.
Uses: model, suggest.    Used by: the command line, the reference, the tests of the pages.
Not here: the diagnostics themselves (model.py); how one looks (render.py).
"""

import re
from functools import lru_cache
from importlib.resources import files

from attrs import frozen

from sequela.engine.diagnostics.model import Severity
from sequela.engine.diagnostics.suggest import nearest

_CODE = re.compile(r"SEQ\d{3}")
_TITLE = re.compile(r"# (SEQ\d{3}) (\S.*)")
_FENCE = re.compile(r"```([a-z0-9-]+)(?: name=(\S+))?\n(.*?)^```[ \t]*$", re.MULTILINE | re.DOTALL)


@frozen
class Example:
    """One fenced block of a page.

    `language` is `rules`, `encounter` (a JSON object), `x12` (an 837), `csv` and the like; a block with a `name` is a
    file that stands beside the others of its section, a block without one is what the section is about.
    """

    language: str
    name: str | None
    text: str


@frozen(kw_only=True)
class Page:
    """What there is to say about one code: a title, a severity, plain words, and examples before and after."""

    code: str
    title: str
    severity: Severity
    text: str
    fails: tuple[Example, ...]
    corrected: tuple[Example, ...]
    markdown: str


class PageError(ValueError):
    """A page that is not in the form that the registry reads; a fault of this package, never of a user's file."""


def read_page(markdown: str) -> Page:
    """The page that `markdown` holds: a title, a line `severity: …`, words, then `## Fails` and `## Corrected`.

    Raises: PageError when a part is missing.
    """
    heading, _, rest = markdown.lstrip().partition("\n")
    title = _TITLE.fullmatch(heading.strip())
    if title is None:
        raise PageError(f"a page opens with `# SEQnnn title`, not with {heading!r}")
    weight, _, rest = rest.lstrip().partition("\n")
    if weight.removeprefix("severity:").strip() not in {severity.value for severity in Severity} or ":" not in weight:
        raise PageError(f"{title[1]}: the second line says `severity: error`, `warning` or `lint`, not {weight!r}")
    sections = re.split(r"^## (Fails|Corrected)[ \t]*$", rest, flags=re.MULTILINE)
    if sections[1::2] != ["Fails", "Corrected"]:
        raise PageError(f"{title[1]}: a page has the sections `## Fails` and `## Corrected`, each once")
    fails, corrected = _examples(sections[2]), _examples(sections[4])
    if not (any(example.name is None for example in fails) and any(example.name is None for example in corrected)):
        raise PageError(f"{title[1]}: each section holds at least one example without a name")
    return Page(
        code=title[1],
        title=title[2].strip(),
        severity=Severity(weight.removeprefix("severity:").strip()),
        text=sections[0].strip(),
        fails=fails,
        corrected=corrected,
        markdown=markdown,
    )


def _examples(section: str) -> tuple[Example, ...]:
    return tuple(Example(language, name or None, text) for language, name, text in _FENCE.findall(section))


@lru_cache(maxsize=1)
def all_codes() -> tuple[str, ...]:
    """Every code that has a page, in order; reads the names of the pages, not the pages."""
    names = (entry.name for entry in files("sequela.engine.diagnostics").joinpath("pages").iterdir())
    return tuple(sorted(name.removesuffix(".md") for name in names if _CODE.fullmatch(name.removesuffix(".md"))))


@lru_cache(maxsize=512)
def page(code: str) -> Page | None:
    """The page of a code (`SEQ203`, `seq203` or `203`), or None when no page has it."""
    exact = normal_code(code)
    if exact not in all_codes():
        return None
    place = files("sequela.engine.diagnostics").joinpath("pages", f"{exact}.md")
    return read_page(place.read_text(encoding="utf-8"))


def normal_code(text: str) -> str:
    """A code as the pages spell it: `203` and `seq-203` are `SEQ203`; what is not a code stays as it is, in capitals.

    >>> normal_code("seq 203")
    'SEQ203'
    """
    bare = re.sub(r"[\s_-]", "", text).upper()
    return f"SEQ{bare}" if re.fullmatch(r"\d{3}", bare) else bare


def nearest_code(text: str) -> str | None:
    """The code that the user may have meant by `text`, or None when none is near."""
    exact = normal_code(text)
    if exact in all_codes():
        return exact
    found = nearest(exact, all_codes(), n=1)
    return found[0] if found else None

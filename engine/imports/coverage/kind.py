"""Kind: a download of the Medicare Coverage Database becomes the tables of coverage.

In:   `current_article.zip` or `all_article.zip`, `ncd.zip`, and a team's `group-pairs.csv`.    Out: `KIND`.
Uses: imports.coverage.    Used by: imports.registry.
Not here: the layout (layout); what an article lists (lists), where it holds (reach).

Descriptions of codes are left out. What cannot be read is left out with its line and the reason.
"""

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from datetime import date, timedelta
from typing import Final

from attrs import frozen

from sequela.engine.diagnostics.model import InputProblem
from sequela.engine.imports.coverage import layout, shapes
from sequela.engine.imports.coverage.documents import Documents, Edition, Version, read_documents
from sequela.engine.imports.coverage.layout import Bad, File, Files, day, find_files, rows_of
from sequela.engine.imports.coverage.lists import Article, Lists, diagnoses, read_lists
from sequela.engine.imports.coverage.reach import Reach, read_reaches
from sequela.engine.imports.inputs import Input
from sequela.engine.imports.kinds import Asked, Draft, Kind, Made, Reading, refused
from sequela.engine.tables.delimited import Batch
from sequela.engine.tables.model import Covers, TableShape

_BATCH: Final = 20_000
Cells = tuple[str, ...]
Rows = Iterator[tuple[int, Cells, str | None] | InputProblem]
"""Rows with their lines, and why one is refused."""


@frozen
class _Read:
    files: Files
    documents: Documents
    reaches: Mapping[Version, tuple[Reach, ...]]
    lists: Lists
    notes: "Counter[str]"


def read(inputs: Sequence[Input], asked: Asked) -> Reading:
    """Drafts of the tables."""
    files = find_files(inputs)
    if isinstance(files, InputProblem):
        return Reading(problems=(files,))
    notes: Counter[str] = Counter()
    documents = read_documents(files, notes)
    reaches = documents if isinstance(documents, InputProblem) else read_reaches(files, notes)
    lists = documents if isinstance(documents, InputProblem) else read_lists(files, documents, notes)
    for problem in (documents, reaches, lists):
        if isinstance(problem, InputProblem):
            return Reading(problems=(problem,))
    assert not isinstance(documents, InputProblem)
    assert not isinstance(reaches, InputProblem)
    assert not isinstance(lists, InputProblem)
    release = asked.release or documents.published
    if not release:
        message = "The download does not say of which week it is: there is no update_period.csv with a day."
        hint = "Say it: --release 2026-07-02."
        return Reading(problems=(refused("SEQ484", message, files[layout.ARTICLES.stem].name, hint=hint),))
    return Reading(tuple(_drafts(_Read(files, documents, reaches, lists, notes), release, asked.covers)))


def _drafts(found: _Read, release: str, covers: Covers | None) -> Iterator[Draft]:
    def draft(shape: TableShape, file: File, rows: Callable[[], Rows]) -> Draft:
        one = found.files[file.stem]
        notes = found.notes if shape is shapes.SERVICES else Counter[str]()
        return Draft(
            shape=shape,
            release=release,
            covers=covers,
            rows=lambda: _batched(rows(), shape, one.name),
            inputs=(one,),
            notes=notes,
        )

    yield draft(shapes.ARTICLES, layout.ARTICLES, lambda: _articles(found))
    yield draft(shapes.SERVICES, layout.SERVICES, lambda: _services(found))
    yield draft(shapes.COVERED, layout.COVERED, lambda: _covered(found))
    yield draft(shapes.LISTED, layout.COVERED, lambda: _listed(found))
    if any(article.covered or article.never for article in found.lists.articles.values()):
        yield draft(shapes.GROUPS, layout.COVERED_GROUPS, lambda: _groups(found))
    if any(article.never for article in found.lists.articles.values()):
        yield draft(shapes.NONCOVERED, layout.NEVER, lambda: _noncovered(found))
    if any(article.pairs for article in found.lists.articles.values()) or _bad_of(found, layout.PAIRS):
        yield draft(shapes.COMBINATIONS, layout.PAIRS, lambda: _combinations(found))
    if layout.NCDS.stem in found.files:
        yield draft(shapes.NCDS, layout.NCDS, lambda: _ncds(found))


def _batched(rows: Rows, shape: TableShape, file: str) -> Iterator[Made]:
    """Rows as batches of columns."""
    width = len(shape.columns)
    lines: list[int] = []
    kept: list[Cells] = []
    bad: list[tuple[int, str]] = []
    for found in rows:
        if isinstance(found, InputProblem):
            yield found
            return
        line, cells, why = found
        if why is not None:
            bad.append((len(kept), why))
        lines.append(line)
        kept.append((*cells, *("",) * (width - len(cells))))
        if len(kept) == _BATCH:
            yield Batch(tuple(zip(*kept, strict=True)), lines, file=file, refused=tuple(bad))
            lines, kept, bad = [], [], []
    if kept:
        yield Batch(tuple(zip(*kept, strict=True)), lines, file=file, refused=tuple(bad))


def _bad_of(found: _Read, file: File) -> list[tuple[int, Cells, str]]:
    return [(line, (key,), why) for of, line, key, why in found.lists.bad if of is file]


def _articles(found: _Read) -> Rows:
    documents = found.documents
    yield from ((line, (key,), why) for line, key, why in documents.bad)
    for key, one in sorted(documents.editions.items(), key=lambda item: item[1].line):
        related = documents.lcds.get(key, ""), documents.ncds.get(key, "")
        yield one.line, (one.article, str(one.version), one.title, *related, one.start, one.end), None


def _services(found: _Read) -> Rows:
    """A row for each state, service and edition; and one for the days of earlier versions, which nobody has."""
    for line, (code,), why in _bad_of(found, layout.SERVICES):
        yield line, ("", code), why
    unreached = 0
    for key, article in found.lists.articles.items():
        reaches = found.reaches.get(key, ())
        unreached += not reaches
        related = found.documents.lcds.get(key, ""), found.documents.ncds.get(key, "")
        for code, line in article.services.items():
            listed, never = article.list_for(code), article.never_for(code)
            diagnoses_said = "listed" if listed else "never" if never else "none"
            if not listed and not never and (article.covered or article.never):
                diagnoses_said = "others"
            for reach in reaches:
                for said, names, (start, end) in _spans(article.edition, reach, diagnoses_said, (listed, never)):
                    flags = ("yes" if holds else "no" for holds in (reach.professional, reach.institutional))
                    where = reach.contractor, reach.region
                    ids = article.edition.article, article.edition.name
                    yield line, (reach.state, code, *ids, *flags, said, *names, *where, *related, start, end), None
    found.notes["articles without a contractor left out"] = unreached


def _spans(
    edition: Edition, reach: Reach, said: str, names: tuple[str, str]
) -> Iterator[tuple[str, tuple[str, str], tuple[str, str]]]:
    own = _common((edition.start, edition.end), (reach.start, reach.end))
    if own is not None:
        yield said, names, own
    if edition.before:
        day_before = (date.fromisoformat(edition.start) - timedelta(days=1)).isoformat()
        earlier = _common(("", day_before), (reach.start, reach.end))
        if earlier is not None:
            yield "earlier", ("", ""), earlier


def _common(one: tuple[str, str], other: tuple[str, str]) -> tuple[str, str] | None:
    """The days that two spans have in common; None where there are none. An empty day is open."""
    start = max(one[0], other[0])
    end = min(filter(None, (one[1], other[1])), default="")
    return None if end and start > end else (start, end)


def _covered(found: _Read) -> Rows:
    lists = {id(one): one.lists_of(one.covered) for one in found.lists.articles.values()}
    for made in diagnoses(found.files, layout.COVERED, found.lists):
        if isinstance(made, InputProblem):
            yield made
            return
        line, article, group, code, marked = made
        way = article.way(group, asterisk=marked)
        for name in lists[id(article)].get(group, ()):
            yield line, (name, code, way, str(group), article.edition.name), None
    for line, cells, why in _bad_of(found, layout.COVERED):
        yield line, ("", *cells), why


def _listed(found: _Read) -> Rows:
    """Every diagnosis of an edition but those of which a team has written that they need another one."""
    seen: set[tuple[str, str, str]] = set()
    for made in diagnoses(found.files, layout.COVERED, found.lists):
        if isinstance(made, InputProblem):
            yield made
            return
        line, article, group, code, marked = made
        way = article.way(group, asterisk=marked)
        key = (article.edition.name, code, way)
        if way != "paired" and key not in seen:
            seen.add(key)
            yield line, (article.edition.name, code, way, str(group)), None


def _noncovered(found: _Read) -> Rows:
    lists = {id(one): one.lists_of(one.never, "never-") for one in found.lists.articles.values()}
    for made in diagnoses(found.files, layout.NEVER, found.lists):
        if isinstance(made, InputProblem):
            yield made
            return
        line, article, group, code, _ = made
        for name in lists[id(article)].get(group, ()):
            yield line, (name, code, str(group)), None
    for line, cells, why in _bad_of(found, layout.NEVER):
        yield line, ("", *cells), why


def _groups(found: _Read) -> Rows:
    for article in found.lists.articles.values():
        for covers, groups in (("yes", article.covered), ("no", article.never)):
            for number, group in groups.items():
                said = " ".join(filter(None, (group.text, group.footnote)))
                yield 1, (article.edition.name, str(number), covers, said, group.footnote), None


def _combinations(found: _Read) -> Rows:
    """Pairs of groups as lists of codes: what a team has written of groups becomes what can be asked of diagnoses."""
    yield from _bad_of(found, layout.PAIRS)
    codes: dict[tuple[str, int], dict[str, None]] = {}
    paired = {id(one): one for one in found.lists.articles.values() if one.pairs}
    for made in diagnoses(found.files, layout.COVERED, found.lists):
        if isinstance(made, InputProblem):
            yield made
            return
        _, article, group, code, _ = made
        if id(article) in paired:
            codes.setdefault((article.edition.name, group), {})[code] = None
    for article in paired.values():
        yield from _combined(article, codes)


def _combined(article: Article, codes: Mapping[tuple[str, int], Iterable[str]]) -> Rows:
    lists = article.lists_of(article.covered)
    name = article.edition.name
    for group, needs in article.pairs.items():
        for other in needs:
            first, second = codes.get((name, group), ()), codes.get((name, other or group), ())
            if other is None or not first or not second:
                continue
            for of in lists.get(group, ()):
                yield 1, (of, ", ".join(first), ", ".join(second), str(group), str(other)), None


def _ncds(found: _Read) -> Rows:
    for made in rows_of(found.files, layout.NCDS):
        if isinstance(made, InputProblem):
            yield made
            return
        if isinstance(made, Bad):
            yield made.line, ("",), made.why
            continue
        line, row = made
        days = day(row.get("ncd efctv dt", "")), day(row.get("ncd trmntn dt", ""))
        yield line, (row["ncd mnl sect"], row["ncd mnl sect title"], *days), None


KIND: Final = Kind(
    name="coverage",
    title="Articles of Medicare contractors: which diagnoses support which service, in which states.",
    publisher="CMS",
    files=("current_article.zip, or all_article.zip", "ncd.zip beside it", "group-pairs.csv of your own team beside it"),
    licence="Holds CPT codes (American Medical Association): fetch your own copy, do not pass it on.",
    tables=tuple(
        shape.name
        for shape in (
            shapes.ARTICLES, shapes.SERVICES, shapes.COVERED, shapes.LISTED, shapes.GROUPS, shapes.NONCOVERED,
            shapes.COMBINATIONS, shapes.NCDS,
        )
    ),
    read=read,
    example="coverage current_article.zip ncd.zip --into tables",
    marks=(r"(?:current|all) article", r"article id,article version"),
)  # fmt: skip
"""Articles of the Medicare Coverage Database."""

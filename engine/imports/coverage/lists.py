"""Lists: which service an article lists, which diagnoses support it there, and how.

In:   the files of a download, its articles and their reach.    Out: `Lists`, `read_lists`, rows of the tables.
Uses: imports.coverage.layout, documents, reach, paragraphs.    Used by: imports.coverage.kind.

Nothing in the files joins the groups of services to the groups of diagnoses: their numbers are alike by chance. The prose of
a group of diagnoses names the services that it is for, or none, and then it is for all of the article. So each service has a
list: the groups that name it or none (`A52345.47/1+3`). Each diagnosis of a list supports the service in one of these ways:
`alone`; `paired`, where a team has written in `group-pairs.csv` which group it needs; `footnote`, where the article marks it
with an asterisk; `prose`, where the paragraph of its group speaks of another group or of a second code and nobody has written
down what it means.
"""

from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from typing import Final

from attrs import define, field, frozen

from sequela.engine.diagnostics.model import InputProblem
from sequela.engine.imports.coverage.documents import Documents, Edition, Version, version_of
from sequela.engine.imports.coverage.layout import (
    COVERED,
    COVERED_GROUPS,
    NEVER,
    NEVER_GROUPS,
    PAIRS,
    SERVICES,
    Bad,
    File,
    Files,
    rows_of,
)
from sequela.engine.imports.coverage.paragraphs import plain_text, spoken

_LONGEST_RANGE: Final = 500


@frozen
class Group:
    """A group of diagnoses: what its paragraph says, and its footnote."""

    number: int
    text: str
    footnote: str
    services: frozenset[str]
    of_another: bool


@frozen
class Pair:
    """What a team has written of a group: that it is enough alone (`needs` None), or which other group it needs."""

    article: str
    group: int
    needs: int | None
    line: int


@define
class Article:
    """What one edition lists: its services with their lines, and its groups that cover and that never do."""

    edition: Edition
    services: dict[str, int] = field(factory=dict)
    covered: dict[int, Group] = field(factory=dict)
    never: dict[int, Group] = field(factory=dict)
    pairs: dict[int, list[int | None]] = field(factory=dict)

    def list_for(self, service: str) -> str:
        """The name of the list of diagnoses that support a service; empty where none is for it."""
        return self._named(self.covered, service, "")

    def never_for(self, service: str) -> str:
        """The name of the list of diagnoses that never support a service; empty where none is for it."""
        return self._named(self.never, service, "never-")

    def lists_of(self, groups: Mapping[int, Group], prefix: str = "") -> dict[int, list[str]]:
        """The lists in which each group stands."""
        made: dict[int, dict[str, None]] = defaultdict(dict)
        for service in self.services:
            name = self._named(groups, service, prefix)
            for group in _groups_for(groups, service):
                made[group][name] = None
        return {group: list(names) for group, names in made.items()}

    def way(self, group: int, *, asterisk: bool) -> str:
        """How a diagnosis of a group supports a service."""
        authored = self.pairs.get(group)
        if authored is not None:
            return "alone" if None in authored else "paired"
        if asterisk:
            return "footnote"
        return "prose" if self.covered[group].of_another else "alone"

    def _named(self, groups: Mapping[int, Group], service: str, prefix: str) -> str:
        found = _groups_for(groups, service)
        return f"{self.edition.name}/{prefix}{'+'.join(map(str, found))}" if found else ""


@define
class Lists:
    """The articles that list a service, with what was left out (the line, the file and the reason)."""

    articles: dict[Version, Article]
    bad: list[tuple[File, int, str, str]] = field(factory=list)


def _groups_for(groups: Mapping[int, Group], service: str) -> list[int]:
    return sorted(number for number, one in groups.items() if not one.services or service in one.services)


def read_lists(files: Files, documents: Documents, notes: "Counter[str]") -> Lists | InputProblem:
    """What each article lists: services and groups; the diagnoses themselves are read when they are written."""
    made = Lists({})
    problem = _services(files, documents, made, notes)
    if problem is None:
        for file, column in ((COVERED_GROUPS, "icd10 covered group"), (NEVER_GROUPS, "icd10 noncovered group")):
            problem = problem or _groups(files, file, column, made)
    for file, column in ((COVERED, "icd10 covered group"), (NEVER, "icd10 noncovered group")):
        problem = problem or _groups_with_codes(files, file, column, made)
    return problem or _pairs(files, made) or made


def _services(files: Files, documents: Documents, made: Lists, notes: "Counter[str]") -> InputProblem | None:
    begun: tuple[Version, str] | None = None
    for found in rows_of(files, SERVICES):
        if isinstance(found, InputProblem):
            return found
        if isinstance(found, Bad):
            made.bad.append((SERVICES, found.line, "", found.why))
            continue
        line, row = found
        key = version_of(row)
        edition = documents.editions.get(key)
        if edition is None:
            continue
        code = row["hcpc code id"].upper()
        if len(code) != 5 or not code.isalnum():
            made.bad.append((SERVICES, line, code, f"`{code}` is no HCPCS code."))
            continue
        article = made.articles.setdefault(key, Article(edition))
        article.services.setdefault(code, line)
        flag = row.get("range", "").upper()[:1]
        if flag == "E" and begun is not None and begun[0] == key:
            between = _between(begun[1], code)
            notes["services between the ends of a range"] += sum(one not in article.services for one in between)
            for one in between:
                article.services.setdefault(one, line)
        begun = (key, code) if flag == "B" else None
    return None


def _between(first: str, last: str) -> list[str]:
    """The codes between the ends of a range that lists none of them; their numbers stand in the same places."""
    shape = [mark.isdigit() for mark in first]
    if shape != [mark.isdigit() for mark in last]:
        return []
    letters = [mark for mark in first if not mark.isdigit()]
    if letters != [mark for mark in last if not mark.isdigit()]:
        return []
    low, high = (int("".join(mark for mark in code if mark.isdigit())) for code in (first, last))
    if not 0 < high - low <= _LONGEST_RANGE:
        return []
    made = []
    for number in range(low + 1, high):
        digits = iter(f"{number:0{sum(shape)}d}")
        made.append("".join(next(digits) if digit else mark for digit, mark in zip(shape, first, strict=True)))
    return made


def _groups(files: Files, file: File, column: str, made: Lists) -> InputProblem | None:
    for found in rows_of(files, file):
        if isinstance(found, InputProblem):
            return found
        if isinstance(found, Bad):
            continue  # without its paragraph a group is as one that says nothing
        _, row = found
        article = made.articles.get(version_of(row))
        if article is None or not row[column].isdigit():
            continue
        number = int(row[column])
        said = spoken(plain_text(row["paragraph"], 100_000), number, article.services)
        every = said.services >= set(article.services)
        into = article.covered if file is COVERED_GROUPS else article.never
        into[number] = Group(
            number,
            plain_text(row["paragraph"]),
            plain_text(row.get("icd10 covered ast", "")),
            frozenset() if every else said.services,
            said.of_another,
        )
    return None


def _groups_with_codes(files: Files, file: File, column: str, made: Lists) -> InputProblem | None:
    """Groups without a diagnosis are no lists; those without a paragraph are for every service."""
    with_codes: dict[Version, set[int]] = defaultdict(set)
    for found in rows_of(files, file):
        if isinstance(found, InputProblem):
            return found
        if not isinstance(found, Bad) and found[1][column].isdigit() and found[1]["icd10 code id"]:
            with_codes[version_of(found[1])].add(int(found[1][column]))
    for key, article in made.articles.items():
        into = article.covered if file is COVERED else article.never
        has = with_codes.get(key, set())
        for number in has - set(into):
            into[number] = Group(number, "", "", frozenset(), of_another=False)
        for number in set(into) - has:
            del into[number]
    return None


def _pairs(files: Files, made: Lists) -> InputProblem | None:
    by_article: dict[str, list[Article]] = defaultdict(list)
    for one in made.articles.values():
        by_article[one.edition.article].append(one)
    for found in rows_of(files, PAIRS):
        if isinstance(found, InputProblem):
            return found
        if isinstance(found, Bad):
            made.bad.append((PAIRS, found.line, "", found.why))
            continue
        line, row = found
        article = f"A{row['article'].upper().removeprefix('A')}"
        why = _why_no_pair(article, row["group"], row["needs"], by_article.get(article, ()))
        if why is not None:
            made.bad.append((PAIRS, line, article, why))
            continue
        for one in by_article[article]:
            one.pairs.setdefault(int(row["group"]), []).append(int(row["needs"]) if row["needs"] else None)
    return None


def _why_no_pair(article: str, group: str, needs: str, found: Sequence[Article]) -> str | None:
    if not found:
        return f"No article {article} of this download lists a service."
    for number in (group, needs) if needs else (group,):
        if not number.isdigit() or not any(int(number) in one.covered for one in found):
            return f"{article} has no group `{number}` of diagnoses that support a service."
    return None


def diagnoses(files: Files, file: File, made: Lists) -> Iterator[tuple[int, Article, int, str, bool] | InputProblem]:
    """The diagnoses of a file: line, article, group, code as written, whether an asterisk marks it."""
    column = "icd10 covered group" if file is COVERED else "icd10 noncovered group"
    for found in rows_of(files, file):
        if isinstance(found, InputProblem):
            yield found
            return
        if isinstance(found, Bad):
            if (file, found.line, "", found.why) not in made.bad:
                made.bad.append((file, found.line, "", found.why))
            continue
        line, row = found
        article = made.articles.get(version_of(row))
        if article is not None and row[column].isdigit() and row["icd10 code id"]:
            marked = row.get("asterisk", "").upper() in ("Y", "YES", "1", "TRUE", "*")
            yield line, article, int(row[column]), row["icd10 code id"].upper(), marked

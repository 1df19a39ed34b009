"""Sequela: the neutral rules as rule text; a ledger with a record for every rule that applied.

`fails` gives the verdicts alone; `explain` gives the ledger, from which the reasons of every rule that applied can be read. Each
encounter is read once, when it is first met, and remembered. Needs nothing but Sequela and the two modules beside which it lies.
"""

import atexit
import json
import shutil
import tempfile
from datetime import date
from pathlib import Path

from workload import EM, PTP_MODIFIERS

from sequela.engine.encounter.from_json import encounter_from
from sequela.engine.encounter.model import Diagnosis, Encounter, Line, Patient
from sequela.engine.pipeline.files import SHIPPED as SHIPPED_RULES
from sequela.engine.pipeline.opening import open_rulebook, open_texts
from sequela.engine.tables.delimited import Batch
from sequela.engine.tables.model import KeyColumn, TableShape, ValueColumn
from sequela.engine.tables.store_format import Manifest
from sequela.engine.tables.store_write import write_release
from sequela.engine.vocabulary.kinds import CodeOf, Scalar
from sequela.engine.vocabulary.systems import System

from . import Base

__all__ = ["SHIPPED_RULES", "Adapter", "encounter_from"]

SEX = {"F": "female", "M": "male", "U": "undetermined"}
FOREVER = "9999-12-31"
BATCH = 50_000
SHAPE = TableShape(
    name="pairs",
    title="Pairs",
    keys=(KeyColumn("one", CodeOf(System.HCPCS)), KeyColumn("other", CodeOf(System.HCPCS))),
    values=(ValueColumn("indicator", Scalar.TEXT),),
    in_force=("starts", "ends"),
)
TABLE_RULE = f"""
ruleset bench "Pairs of procedures"
table pairs "Pairs"
  file  "pairs"
  key   one of HCPCS, other of HCPCS
  value indicator as text
  in force starts to ends
  complete
codes marks of MODIFIER
  {", ".join(PTP_MODIFIERS)}
rule PTP "No pair is billed on one day"
  for each line a, other line b with the same date
  look up edit in pairs by a.code, b.code
  forbidden
  bypass when edit.indicator is "1" and (a has modifier in marks or b has modifier in marks)
  if fail deny b
"""


class Sets:
    """The sets that the rules name, each declared once."""

    def __init__(self):
        self.names = {}
        self.text = []

    def __call__(self, system, codes):
        key = system, tuple(codes)
        name = self.names.get(key)
        if name is None:
            name = self.names[key] = f"s{len(self.names)}"
            self.text.append(f"codes {name} of {system}\n  {', '.join(codes)}\n")
        return name


def body(rule, named):
    """The clauses of a neutral rule."""
    match rule["family"]:
        case "not_first":
            return (
                f"  for each diagnosis dx in {named('ICD10CM', [rule['code']])}\n"
                "  require some other diagnosis first where first comes before dx\n  if fail reject dx\n"
            )
        case "etiology":
            return (
                f"  for each diagnosis dx in {named('ICD10CM', [rule['code']])}\n"
                f"  require some other diagnosis cause in {named('ICD10CM', rule['etiologies'])} where cause comes before dx\n"
                "  if fail reject dx\n"
            )
        case "age":
            return (
                "  effective 1900-01-01 onward by admission date\n"
                f"  for each diagnosis dx in {named('ICD10CM', [rule['code']])}\n"
                f"  require patient.age is at least {rule['min_age']} and patient.age is at most {rule['max_age']}\n"
                "  if fail reject dx\n"
            )
        case "sex":
            return (
                f"  for each diagnosis dx in {named('ICD10CM', [rule['code']])}\n"
                f"  require patient.sex is {SEX[rule['sex']]}\n  if fail reject dx\n"
            )
        case "modifier":
            return (
                f"  for each line work in {named('HCPCS', rule['procedures'])}, "
                f"line visit in {named('HCPCS', rule['em'])} with the same date\n"
                f"  require visit has modifier {rule['modifier']}\n  if fail deny visit\n"
            )
        case "necessity":
            return (
                f"  for each line l in {named('HCPCS', rule['procedures'])}\n"
                f"  require some diagnosis d of l in {named('ICD10CM', rule['diagnoses'])}\n  if fail deny l\n"
            )
        case "ptp":
            marks = named("MODIFIER", PTP_MODIFIERS)
            bypass = (
                f"  bypass when a has modifier in {marks} or b has modifier in {marks}\n" if rule["indicator"] else ""
            )
            end = "onward" if rule["end"] == FOREVER else f"to {rule['end']}"
            return (
                f"  effective {rule['start']} {end} by line date\n"
                f"  for each line a in {named('HCPCS', [rule['col1']])}, "
                f"line b in {named('HCPCS', [rule['col2']])} with the same date\n"
                f"  forbidden\n{bypass}  if fail deny b\n"
            )
        case "mue":
            return (
                f"  for each line l in {named('HCPCS', [rule['procedure']])}\n"
                f"  require l.units is at most {rule['max_units']}\n  if fail deny l\n"
            )
        case _:
            return (
                f"  for each line l in {named('HCPCS', rule['procedures'])}\n"
                f"  require l.place is in {named('POS', rule['allowed'])}\n  if fail deny l\n"
            )


def rule_text(rules):
    """A ruleset that says what the neutral rules say."""
    named = Sets()
    named("HCPCS", EM)
    texts = [f'rule {rule["id"]} "{rule["family"]}"\n{body(rule, named)}' for rule in rules]
    return "\n".join(['ruleset bench "Neutral rules"\n', *named.text, *texts])


def encounter(keys):
    """A neutral encounter as the object that Sequela decides. Its lines point to diagnoses, as those of professional claims do."""
    day, patient = date.fromisoformat, keys["patient"]
    return Encounter(
        id=keys["id"],
        setting="professional",
        payer=keys["payer"],
        admitted=day(keys["admit"]),
        discharged=day(keys["discharge"]),
        patient=Patient(birth_date=day(patient["birth_date"]), sex=SEX[patient["sex"]]),
        diagnoses=tuple([Diagnosis(code=one["code"]) for one in keys["diagnoses"]]),
        lines=tuple(
            [
                Line(
                    code=one["procedure"],
                    modifiers=tuple(one["modifiers"]),
                    units=one["units"],
                    date=day(one["service_date"]),
                    place=one["pos"],
                    diagnoses=tuple(one["dx"]),
                )
                for one in keys["lines"]
            ]
        ),
    )


def json_text(keys):
    """The same as a line of `sequela.encounter/1`, as a program writes it: what there is not is left out."""
    lines = [
        {
            "code": one["procedure"],
            **({"modifiers": one["modifiers"]} if one["modifiers"] else {}),
            "units": one["units"],
            "date": one["service_date"],
            "place": one["pos"],
            "diagnoses": one["dx"],
        }
        for one in keys["lines"]
    ]
    claim = {
        "schema": "sequela.encounter/1",
        "id": keys["id"],
        "setting": "professional",
        "payer": keys["payer"],
        "admitted": keys["admit"],
        "discharged": keys["discharge"],
        "patient": {"birth_date": keys["patient"]["birth_date"], "sex": SEX[keys["patient"]["sex"]]},
        "diagnoses": [{"code": one["code"]} for one in keys["diagnoses"]],
        "lines": lines,
    }
    return json.dumps(claim, separators=(",", ":")).encode()


def batches(columns):
    """The rows of a pair table as text, by the thousand."""
    indicators = list(map(str, columns["indicator"]))
    ends = ["" if one == FOREVER else one for one in columns["end"]]
    cells = columns["col1"], columns["col2"], indicators, columns["start"], ends
    for first in range(0, len(ends), BATCH):
        part = tuple(one[first : first + BATCH] for one in cells)
        yield Batch(part, range(first + 1, first + 1 + len(part[0])))


def write_table(folder, columns):
    """Compile a pair table into a store file below a folder, and the rule that asks it."""
    manifest = Manifest(table="pairs", title="Pairs", source="pairs.csv", publisher="made up", release="2024")
    written = write_release(folder, SHAPE, batches(columns), manifest)
    assert written.path is not None
    (folder / "bench.rules").write_text(TABLE_RULE)
    return written.path


class Adapter(Base):
    """Verdicts and explained ledgers, one encounter at a time."""

    name = "sequela"
    explains = "a record for every rule that applied, pass and fail; words, rows and authority on demand"

    def load_rules(self, rules):
        self._open(open_texts({"bench.rules": rule_text(rules)}))

    def load_table(self, cols):
        folder = Path(tempfile.mkdtemp(prefix="sequela-pairs-"))
        atexit.register(shutil.rmtree, folder, ignore_errors=True)
        write_table(folder, cols)
        self._open(open_rulebook([folder / "bench.rules"], data=[folder], use_cache=False))

    def _open(self, book):
        read, check, failed = {}, book.check, book.failed_rules

        def fails(enc):
            try:
                return failed(read[id(enc)])
            except KeyError:
                return failed(read.setdefault(id(enc), encounter(enc)))

        def explain(enc):
            try:
                return check(read[id(enc)])
            except KeyError:
                return check(read.setdefault(id(enc), encounter(enc)))

        self.book, self.read, self.fails, self.explain = book, read, fails, explain

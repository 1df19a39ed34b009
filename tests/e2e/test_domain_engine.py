"""The checklist of the engine itself: what is missing is never a pass, every edit reports, phases cascade."""

import json
import time
from pathlib import Path

import pytest
from checklist_made import TABLES, entry, fails, line, outpatient, professional, quiet, statuses

import sequela

ROOT = Path(sequela.__file__).parent


def test_a_missing_fact_is_no_pass(shipped: sequela.Rulebook) -> None:
    claim = professional(["Z01.83"], ["0001U", line("0001U", units=None)])
    assert statuses(shipped.check(claim), "MUE-DAY", line=1) == {"unknown"}
    nobody = professional(["Z12.11"], [line("G0104", provider=None), "G0105"])
    del nobody["provider"], nobody["billing"]
    found = shipped.check(nobody)
    assert "unknown" in statuses(found, "NCCI-PTP")
    assert not found.clean
    ageless = shipped.check(professional(["P59.9"], patient={"sex": "female"}))
    one = entry(ageless, "GL-NB-PERINATAL-AGE", "unknown")
    assert one.missing == (("/patient/birth_date",),)


def test_an_absent_table_is_no_pass(shipped: sequela.Rulebook) -> None:
    bare = sequela.load(use_cache=False)
    claim = professional(["Z01.83"], ["0001U", "0001U", "G2212"])
    found = bare.check(claim)
    for rule in ("MUE-DAY", "NCCI-ADD-ON", "NCCI-PTP"):
        assert statuses(found, rule) == {"not checked"}, rule
        assert statuses(shipped.check(claim), rule) != {"not checked"}, rule
    assert not found.clean
    fails(bare.check(professional(["G35"])), "ICD-COMPLETE", "G35", dx=1)  # what ships decides all the same


def test_every_edit_reports(shipped: sequela.Rulebook) -> None:
    claim = professional(
        ["W18.30XA", "G35", "T15.02A"], [line("27447-50-LT", units=2), "0001A-QQ", "G2212"], place="22"
    )
    failed = {one.rule for one in shipped.check(claim).failures}
    assert failed >= {
        "SEQ-EXTERNAL-CAUSE", "ICD-COMPLETE", "ICD-PLACEHOLDER", "MOD-50", "MUE-DAY", "MOD-VALID", "NCCI-ADD-ON"
    }  # fmt: skip


def test_phases_are_a_cascade(shipped: sequela.Rulebook) -> None:
    """Units and pairs deny the primary; its add-on falls with it, and only then."""
    right = shipped.check(professional(["M17.11"], ["99215-25", "20610", "G2212"]))
    assert statuses(right, "NCCI-ADD-ON", line=3) == {"pass"}
    for lines in (["99215", "20610", "G2212"], [line("99215-25", units=3), "20610", "G2212"]):
        found = shipped.check(professional(["M17.11"], lines))
        assert statuses(found, "NCCI-ADD-ON", line=3) == {"fail"}
    hospital = shipped.check(outpatient(["I10"], ["99215", "G2212"]))
    assert statuses(hospital, "IOCE-106-ADD-ON", line=2) == {"pass"}


def test_a_message_names_the_row_and_the_release(shipped: sequela.Rulebook) -> None:
    found = shipped.check(professional(["Z12.11"], ["G0104", "G0105"]))
    told = str(found.explain(entry(found, "NCCI-PTP")))
    for words in ("ccipra-v323r0-f", "release v32.3", "column-1 G0104", "effective 2020-01-01"):
        assert words in " ".join(told.split()), words
    asked = found.to_json(all=True)
    assert asked["receipt"]


def test_a_long_claim_is_decided_in_no_time(shipped: sequela.Rulebook) -> None:
    codes = ["G0104", "G0105", "G0106", "G0121", "99213", "20610", "G0270", "J1100", "17000", "45380"]
    claim = professional(
        ["E11.22", "N18.4", "I12.9", "Z79.4", "E78.5", "K21.9", "M17.11", "F32.9", "G47.33", "J44.9", "D63.1", "E66.9"],
        [line(code) for code in codes * 5],
    )
    shipped.check(claim).failures  # noqa: B018
    start = time.perf_counter()
    assert shipped.check(claim).failed_rules
    assert time.perf_counter() - start < 5


def test_no_descriptor_of_cpt_ships() -> None:
    """Nothing that ships or that an importer keeps has a text beside a CPT code."""
    with_text = []
    for path in [*ROOT.glob("rulesets/**/*.csv"), *TABLES.rglob("*.csv"), *ROOT.glob("payers/**/*.csv")]:
        head, *rows = path.read_text().splitlines()
        if "descri" in head.lower() and any(row[:5].isdigit() for row in rows):
            with_text.append(path.name)
    assert not with_text


@pytest.mark.parametrize("name", ["clinic-day.837", "hospital-day.837"])
def test_right_claims_of_a_day_stay_silent(shipped: sequela.Rulebook, name: str) -> None:
    """A claim that is not made to fail has no failure but notes."""
    read = [found.encounter for found in sequela.read(ROOT / "tests" / "samples" / name)]
    ledgers = [shipped.check(one) for one in read if one is not None]
    clean = [one for one in ledgers if not [found for found in one.failures if found.outcome != "note"]]
    assert clean, [one.failed_rules for one in ledgers]
    for one in clean:
        quiet(one)
        assert json.loads(one.to_bytes())["outcome"] in ("pass", "undecided", "note", "warn", "review")

"""The codes that a note names: each form of the published list, and what only looks like a code."""

import pytest

from sequela.engine.imports.icd10cm.layout import Block, Node, NoteKind, Tabular
from sequela.engine.imports.icd10cm.references import read_references
from sequela.engine.imports.icd10cm.space import Space

DIABETES = "E08{0}, E09{0}, E10{0}, E11{0}, E13{0}"


@pytest.mark.parametrize(
    ("note", "written"),
    [
        ("ectopic hormone syndrome (E34.5)", "under E34.5"),
        ("irritable bowel syndrome (K58.-)", "under K58"),
        ("lung diseases due to external agents (J60-J70)", "J60 .. J70"),
        ("a fracture (S72.00-)", "under S72.00"),
        ("malignant neoplasm of auricular canal (external) (C43.2-,C44.2-)", "under C43.2, under C44.2"),
        ("abscess of intestine with Crohn's disease (K50.014, K50.114,)", "K50.014, K50.114"),
        ("benign neoplasm of testis (D29.2.-)", "under D29.2"),
        ("tuberculosis, any type in A15 (J65)", "J65"),
        ("hearing loss as classified in H90.-", "under H90"),
        ("any condition classifiable to S06.4-S06.6", "S06.4 .. S06.6"),
        ("jaw pain R68.84", "R68.84"),
        ("influenza A/H1N1 (J10.-)", "under J10"),
        ("glucose-6-phosphate dehydrogenase (G6PD) deficiency with anemia (D55.0)", "D55.0"),
        ("vitamin B12 deficiency (E53.8)", "E53.8"),
        ("hypothyroidism (E00-E03.-)", "E00 .. E03"),
        ("drug use (F10.--F19.-)", "F10 .. F19"),
        ("injury of neck (S00 - S09)", "S00 .. S09"),
        ("other acute respiratory tract infections (J00-J06; J20-J22)", "J00 .. J06, J20 .. J22"),
        ("electrolyte imbalance (E87.8}", "E87.8"),
        ("multiple sclerosis (G35-)", "under G35"),
        ("codes G31.0-G31.83, G31.85-G31.9", "G31.0 .. G31.83, G31.85 .. G31.9"),
        ("rheumatoid arthritis by site, if known (M05.00 to M05.8A)", "M05.00 .. M05.8A"),
        ("helminthiasis (B65.0 -B83.9)", "B65.0 .. B83.9"),
        ("diabetes mellitus (E08-E13 with .42)", DIABETES.format(".42")),
        ("necrobiosis lipoidica (E08-E13 with .620)", DIABETES.format(".620")),
        ("diabetic acidosis - see categories E08-E10, E11, E13 with ketoacidosis", "under E08.1, under E09.1, under E10.1, under E11.1, under E13.1"),
        ("gangrene (E08, E09 with final characters .00 or .01)", "under E08.0, under E09.0"),
        ("open skull fracture (S02.- with 7th character B)", 'like "S02.???B"'),
        ("open fracture of shoulder (S42.- with 7th character B or C)", 'like "S42.???[BC]"'),
        ("open fracture of pelvis (S32.1--S32.9 with 7th character B)", 'like "S32.[1-9]??B"'),
        ("burn (T22.- with fifth character 4)", 'like "T22.?4??"'),
        ("respiratory failure with hypercapnia (J96. with 5th character 2)", 'like "J96.?2"'),
        ("whooping cough with pneumonia (A37 with fifth-character 1)", 'like "A37.?1"'),
        ("facial weakness (I69. with final characters -92)", 'like "I69.?92"'),
        ("hallucinations in drug psychosis (F11-F19 with fifth to sixth characters 51)", 'like "F1[1-9].?51"'),
        ("leukemia in remission C91.0-C95.9 with 5th character 1", 'like "C9[1-5].?1"'),
        ("linezolid (T36.8X- with sixth character 1-4)", 'like "T36.8X[1-4]?"'),
        ("agents (T51-T65 with fifth or sixth character to indicate intent), for pneumonopathy", "T51 .. T65"),
        ("cognitive deficits (I69.01-I69.11-, I69.21-I69.31-, I69.81- I69.91-)",
         "under I69.01, under I69.11, under I69.21, under I69.31, under I69.81, under I69.91"),
    ],
)  # fmt: skip
def test_each_form_of_a_reference(space: Space, note: str, written: str) -> None:
    assert read_references(space, note).written.written == written


def test_a_range_follows_the_order_of_the_list(space: Space) -> None:
    """C4A stands between C43 and C44, and text puts it after C49."""
    bits = read_references(space, "melanoma and other malignant neoplasms of skin (C43-C44)").bits(space)
    assert {code[:3] for code in space.members(bits)} == {"C43", "C44", "C4A"}


def test_the_character_of_intent_is_the_sixth_unless_that_is_a_placeholder(space: Space) -> None:
    """The fifth character of T40.415A is 1, and yet it is an adverse effect."""
    found = read_references(space, "poisoning (T36-T65 with fifth or sixth character 1-4)")
    held = set(space.members(found.bits(space)))
    assert {"T360X1A", "T3691XA", "T6594XS", "T40411A"} <= held
    assert not {"T40415A", "T360X5A", "T3696XA", "T40416S"} & held
    assert {code[:3] for code in held} <= {f"T{number}" for number in range(36, 66)}


@pytest.mark.parametrize(
    "note",
    ["certain localized infections - see body system-related chapters", "meningitis (in):", "underlying disease"],
)
def test_a_note_without_codes_names_none(space: Space, note: str) -> None:
    found = read_references(space, note)
    assert (found.entries, found.unresolved) == ((), ())


def test_next_to_nothing_of_the_excludes1_notes_is_left_unresolved(april: Tabular, space: Space) -> None:
    owners: list[Node | Block] = [*april.blocks, *april.nodes()]
    texts = [text for one in owners for element in one.notes.get(NoteKind.EXCLUDES1, ()) for text in element]
    found = [read_references(space, text) for text in texts]
    unresolved = [word for one in found for word in one.unresolved]
    assert len(texts) == 5_407
    assert sorted(unresolved) == ["G6PD", "G6PD", "H1N1", "R10.4"]
    assert sum(1 for one in found if not one.entries) == 128


def test_every_entry_of_every_note_holds_codes(april: Tabular, space: Space) -> None:
    owners: list[Node | Block] = [*april.blocks, *april.nodes()]
    for owner in owners:
        for elements in owner.notes.values():
            for text in {text for element in elements for text in element if len(text) < 400}:
                for entry in read_references(space, text).entries:
                    assert space.bits_of(entry), (text, entry.written)

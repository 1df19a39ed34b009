"""Strategies: JSON texts of claims, sound and spoilt: keys in any order, twice, misspelt, escaped, with values that do not fit."""

import json
from datetime import date

from hypothesis import strategies as st

DAYS = st.dates(date(1930, 1, 1), date(2030, 1, 1)).map(date.isoformat)
CODES = st.sampled_from(["99213", "J1089", "g0008", "17000"])
ICD = st.sampled_from(["E11.9", "I10", "l57.0", "S52.501A"])
AMOUNTS = st.sampled_from(["120.00", "0.00", 35, 12.5])
TEXTS = st.sampled_from(["P-1", "a:b", "schema", '"schema":', "x\\y", "Zoë", "{", "null"])


class Object(list):
    """An object as a list of pairs, so that a key can stand there twice."""


def some(required=(), **keys):
    """Objects as lists of pairs, their keys in any order."""
    made = st.fixed_dictionaries(
        {key: keys[key] for key in required}, optional={key: keys[key] for key in keys if key not in required}
    )
    return made.flatmap(lambda found: st.permutations(list(found.items()))).map(Object)


LINES = some(
    code=CODES,
    modifiers=st.lists(st.sampled_from(["25", "59", "lt"]), max_size=2),
    units=st.integers(0, 30) | st.sampled_from(["2", 0.5]),
    date=DAYS,
    place=st.sampled_from(["11", "22"]),
    charge=AMOUNTS,
    diagnoses=st.lists(st.integers(1, 2), max_size=3),
    revenue=st.just("0450"),
    note=TEXTS,
    emergency=st.booleans(),
    tags=some(arm=TEXTS),
)


def without_pointers(pairs):
    """A line of another claim: what it points to are codes."""
    return Object(one for one in pairs if one[0] != "diagnoses")


PARTY = some(npi=TEXTS, taxonomy=st.just("207Q00000X"), specialty=st.just("08"), state=TEXTS, name=TEXTS)
CLAIMS = some(
    ("schema", "id", "setting", "diagnoses", "lines"),
    schema=st.just("sequela.encounter/1"),
    id=TEXTS,
    setting=st.sampled_from(["professional", "inpatient"]),
    payer=TEXTS,
    received=DAYS,
    place=st.just("11"),
    total_charge=AMOUNTS,
    patient=some(id=TEXTS, birth_date=DAYS, sex=st.sampled_from(["female", "male"]), last_name=TEXTS),
    provider=PARTY,
    billing=PARTY,
    attending=PARTY,
    bill_type=st.just("0131"),
    diagnoses=st.lists(
        some(("code",), code=ICD, poa=st.just("Y"), role=st.just("secondary")),
        min_size=2,
        max_size=3,
    ),
    lines=st.lists(LINES, max_size=3),
    history=some(complete=st.booleans(), lines=st.lists(LINES.map(without_pointers), max_size=1)),
    extra=some(schema=TEXTS, any=st.none() | st.integers()),
)
OTHER = st.sampled_from(
    [
        None,
        True,
        -1,
        10**16,
        1.005,
        "",
        "x",
        "9921",
        "2026-02-30",
        "2026-03-02T10:00",
        "sNaN",
        [],
        Object(),
        [None],
        [99],
        ["1"],
        Object([("code", "?")]),
    ]
)
KEYS = (
    "id",
    "schema",
    "units",
    "unit",
    "code",
    "modifers",
    "sex",
    "lines",
    "a:b",
    "extra",
    "tags",
    "number",
    "diagnoses",
)


def objects(value):
    """All objects, as lists of pairs, that a value holds, itself among them."""
    if isinstance(value, Object):
        yield value
        for _, inner in value:
            yield from objects(inner)
    elif isinstance(value, list):
        for inner in value:
            yield from objects(inner)


def written(value, space, spelt):
    """JSON of a value whose objects are lists of pairs; `spelt` writes a key."""
    if isinstance(value, Object):
        return (
            "{" + ",".join(f"{spelt(key)}{space}:{space}{written(inner, space, spelt)}" for key, inner in value) + "}"
        )
    if isinstance(value, list):
        return "[" + f",{space}".join(written(inner, space, spelt) for inner in value) + "]"
    return json.dumps(value, ensure_ascii=False)


def escaped(key):
    """A key with its first letter as an escape."""
    return f'"\\u{ord(key[0]):04x}{key[1:]}"'


@st.composite
def spoilt(draw):
    """A claim of which at most one thing was changed: a key twice, a key that is not known, another value, a key left out."""
    claim = draw(CLAIMS)
    one = draw(st.sampled_from([one for one in objects(claim) if one]))
    at, to = draw(st.integers(0, len(one) - 1)), draw(st.integers(0, len(one)))
    key, value = one[at]
    match draw(st.sampled_from(["nothing", "twice", "other twice", "key", "value", "code", "without"])):
        case "twice":
            one.insert(to, (key, value))
        case "other twice":
            one.insert(to, (key, draw(OTHER)))
        case "key":
            one.insert(to, (draw(st.sampled_from(KEYS)), draw(OTHER)))
        case "value":
            one[at] = key, draw(OTHER)
        case "code":
            one = draw(st.sampled_from([one for one in objects(claim) if "code" in dict(one)]))
            place = next(place for place, (name, _) in enumerate(one) if name == "code")
            one[place] = "code", draw(st.sampled_from(["x", "9921", "?", "I10", "99213", "E1.19"]))
        case "without" if len(one) > 1:
            del one[at]
    spelt = draw(st.sampled_from([json.dumps, json.dumps, json.dumps, escaped]))
    return written(claim, draw(st.sampled_from(["", "", " ", "\n "])), spelt).encode()

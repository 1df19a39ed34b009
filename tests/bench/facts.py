"""The derived view handed to expression-style peers (they cannot index back
from a pointer, compute an age or group by date; a host program would do this
for them).  Its cost is charged to the peer: it is built inside the timed call.
"""


def iso_int(d):
    return int(d[:4]) * 10000 + int(d[5:7]) * 100 + int(d[8:10])


def age_at(birth, day):
    return int(day[:4]) - int(birth[:4]) - (day[5:] < birth[5:])


def facts(enc):
    codes = [d["code"] for d in enc["diagnoses"]]
    days, lines = {}, []
    for ln in enc["lines"]:
        f = {
            "procedure": ln["procedure"],
            "modifiers": ln["modifiers"],
            "units": ln["units"],
            "pos": ln["pos"],
            "dx_codes": [codes[p - 1] for p in ln["dx"]],
        }
        lines.append(f)
        days.setdefault(ln["service_date"], []).append(f)
    pt = enc["patient"]
    return {
        "age": age_at(pt["birth_date"], enc["admit"]),
        "sex": pt["sex"],
        "first_dx": codes[0],
        "dx_codes": codes,
        "dx": [{"code": c, "prior": codes[:i]} for i, c in enumerate(codes)],
        "lines": lines,
        "days": [{"date": iso_int(d), "lines": ls} for d, ls in days.items()],
    }


def pairs(enc):
    """Ordered same-day line pairs, for peers whose table lookup is per pair."""
    ls = enc["lines"]
    return [
        (a, b) for i, a in enumerate(ls) for j, b in enumerate(ls) if i != j and a["service_date"] == b["service_date"]
    ]


def triggers(rule):
    """(kind, code) keys at least one of which an encounter must hold for the rule to be able to fail."""
    f = rule["family"]
    if f in ("not_first", "etiology", "age", "sex"):
        return [("dx", rule["code"])]
    if f in ("modifier", "necessity", "pos"):
        return [("p", p) for p in rule["procedures"]]
    return [("p", rule["col1"] if f == "ptp" else rule["procedure"])]

"""Shared by the set-based peers: encounters and rules as column dicts."""

# ruff: noqa: N806 -- tables have short names

from facts import age_at, iso_int
from workload import PTP_MODIFIERS

MODS = frozenset(PTP_MODIFIERS)


def encounter_tables(encounters):
    E = {"e": [], "age": [], "sex": []}
    D = {"e": [], "n": [], "code": []}
    L = {"e": [], "l": [], "proc": [], "day": [], "units": [], "pos": [], "mod": [], "m25": [], "m24": []}
    X = {"e": [], "l": [], "code": []}
    for e, enc in enumerate(encounters):
        codes = [d["code"] for d in enc["diagnoses"]]
        E["e"].append(e)
        E["age"].append(age_at(enc["patient"]["birth_date"], enc["admit"]))
        E["sex"].append(enc["patient"]["sex"])
        for n, c in enumerate(codes):
            D["e"].append(e)
            D["n"].append(n)
            D["code"].append(c)
        for k, ln in enumerate(enc["lines"]):
            m = ln["modifiers"]
            L["e"].append(e)
            L["l"].append(k)
            L["proc"].append(ln["procedure"])
            L["day"].append(iso_int(ln["service_date"]))
            L["units"].append(ln["units"])
            L["pos"].append(ln["pos"])
            L["mod"].append(not MODS.isdisjoint(m))
            L["m25"].append("25" in m)
            L["m24"].append("24" in m)
            for p in ln["dx"]:
                X["e"].append(e)
                X["l"].append(k)
                X["code"].append(codes[p - 1])
    return {"enc": E, "dx": D, "line": L, "ptr": X}


def rule_tables(rules):
    T = {
        "r_first": (["r", "code"], []),
        "r_etio": (["r", "code"], []),
        "r_etio_set": (["r", "code"], []),
        "r_mod": (["r", "proc", "m"], []),
        "r_em": (["proc"], []),
        "r_nec": (["r", "proc"], []),
        "r_nec_set": (["r", "code"], []),
        "r_ptp": (["r", "c1", "c2", "ind", "s", "t"], []),
        "r_mue": (["r", "proc", "mx"], []),
        "r_age": (["r", "code", "lo", "hi"], []),
        "r_sex": (["r", "code", "sex"], []),
        "r_pos": (["r", "proc"], []),
        "r_pos_set": (["r", "pos"], []),
    }

    def add(t, *row):
        T[t][1].append(row)

    em = set()
    for r in rules:
        f, i = r["family"], int(r["id"][1:])
        if f == "not_first":
            add("r_first", i, r["code"])
        elif f == "etiology":
            add("r_etio", i, r["code"])
            for c in r["etiologies"]:
                add("r_etio_set", i, c)
        elif f == "modifier":
            em |= set(r["em"])
            for p in r["procedures"]:
                add("r_mod", i, p, r["modifier"])
        elif f == "necessity":
            for p in r["procedures"]:
                add("r_nec", i, p)
            for c in r["diagnoses"]:
                add("r_nec_set", i, c)
        elif f == "ptp":
            add("r_ptp", i, r["col1"], r["col2"], r["indicator"], iso_int(r["start"]), iso_int(r["end"]))
        elif f == "mue":
            add("r_mue", i, r["procedure"], r["max_units"])
        elif f == "age":
            add("r_age", i, r["code"], r["min_age"], r["max_age"])
        elif f == "sex":
            add("r_sex", i, r["code"], r["sex"])
        else:
            for p in r["procedures"]:
                add("r_pos", i, p)
            for x in r["allowed"]:
                add("r_pos_set", i, x)
    T["r_em"] = (["proc"], [(p,) for p in sorted(em)] or [("?",)])
    out = {}
    for t, (cols, rows) in T.items():
        if not rows:
            rows = [tuple("?" if c in ("code", "proc", "c1", "c2", "m", "sex", "pos") else -1 for c in cols)]
        out[t] = {c: list(v) for c, v in zip(cols, zip(*rows, strict=True), strict=True)}
    return out

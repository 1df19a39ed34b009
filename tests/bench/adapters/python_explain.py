"""hand-python plus one record for every rule that APPLIED (its trigger code is
on the encounter), pass or fail, with the facts that decided it."""

from facts import age_at

from . import Base
from .python import MODS, file_rules


class Adapter(Base):
    name = "hand-python+explain"
    explains = "record per applied rule (pass and fail), with deciding facts"

    def load_rules(self, rules):
        self.ix = file_rules(rules)
        self.fails = self._rules

    def load_table(self, c):
        from .python import Adapter as Plain

        p = Plain()
        p.load_table(c)
        self.t = p.table_ix
        self.fails = self._table

    def _rules(self, enc):
        self.records = rec = []
        add = rec.append
        ix = self.ix
        codes = [d["code"] for d in enc["diagnoses"]]
        for n, c in enumerate(codes):
            for i in ix["not_first"].get(c, ()):
                add({"rule": i, "pass": n != 0, "dx": n, "code": c})
            for i, e in ix["etiology"].get(c, ()):
                before = [x for x in codes[:n] if x in e]
                add({"rule": i, "pass": bool(before), "dx": n, "code": c, "found": before})
            r = ix["age"].get(c)
            if r:
                age = age_at(enc["patient"]["birth_date"], enc["admit"])
                for i, lo, hi in r:
                    add({"rule": i, "pass": lo <= age <= hi, "dx": n, "code": c, "age": age, "range": (lo, hi)})
            for i, s in ix["sex"].get(c, ()):
                add(
                    {
                        "rule": i,
                        "pass": s == enc["patient"]["sex"],
                        "dx": n,
                        "code": c,
                        "sex": enc["patient"]["sex"],
                        "required": s,
                    }
                )
        lines = enc["lines"]
        for k, ln in enumerate(lines):
            p, day = ln["procedure"], ln["service_date"]
            r = ix["necessity"].get(p)
            if r:
                pointed = [codes[x - 1] for x in ln["dx"]]
                for i, d in r:
                    hit = [x for x in pointed if x in d]
                    add({"rule": i, "pass": bool(hit), "line": k, "procedure": p, "pointed": pointed, "covered": hit})
            for i, m in ix["mue"].get(p, ()):
                add({"rule": i, "pass": ln["units"] <= m, "line": k, "procedure": p, "units": ln["units"], "max": m})
            for i, a in ix["pos"].get(p, ()):
                add({"rule": i, "pass": ln["pos"] in a, "line": k, "procedure": p, "pos": ln["pos"]})
            for i, em, m in ix["modifier"].get(p, ()):
                for j, o in enumerate(lines):
                    if o["procedure"] in em and o["service_date"] == day:
                        add(
                            {
                                "rule": i,
                                "pass": m in o["modifiers"],
                                "line": k,
                                "em_line": j,
                                "modifiers": o["modifiers"],
                                "required": m,
                            }
                        )
            t = ix["ptp"].get(p)
            if t:
                for j, o in enumerate(lines):
                    for i, ind, s, e in t.get(o["procedure"], ()):
                        if o["service_date"] == day:
                            live = s <= day <= e
                            got = [x for x in ln["modifiers"] + o["modifiers"] if x in MODS] if ind else []
                            add(
                                {
                                    "rule": i,
                                    "pass": not live or bool(got),
                                    "line": k,
                                    "other": j,
                                    "indicator": ind,
                                    "in_effect": live,
                                    "modifiers": got,
                                }
                            )
        return {r["rule"] for r in rec if not r["pass"]}

    def _table(self, enc):
        self.records = rec = []
        t, lines = self.t, enc["lines"]
        for k, ln in enumerate(lines):
            d = t.get(ln["procedure"])
            if d is None:
                continue
            day = ln["service_date"]
            for j, o in enumerate(lines):
                row = d.get(o["procedure"])
                if row is not None and o["service_date"] == day:
                    ind, s, e = row
                    live = s <= day <= e
                    got = [x for x in ln["modifiers"] + o["modifiers"] if x in MODS] if ind else []
                    rec.append(
                        {
                            "rule": "PTP",
                            "pass": not live or bool(got),
                            "line": k,
                            "other": j,
                            "indicator": ind,
                            "in_effect": live,
                            "modifiers": got,
                        }
                    )
        return ["PTP" for r in rec if not r["pass"]][:1]

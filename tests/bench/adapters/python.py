"""What a good in-house engineer would write: every rule filed under the code
that can trigger it, sets for membership, no explanation.  THE REFERENCE: all
other peers must return the same verdicts, and ratios are taken against it."""

from facts import age_at
from workload import PTP_MODIFIERS

from . import Base

MODS = frozenset(PTP_MODIFIERS)


def file_rules(rules):
    ix = {k: {} for k in ("not_first", "etiology", "age", "sex", "modifier", "necessity", "ptp", "mue", "pos")}
    for r in rules:
        f, i = r["family"], r["id"]
        t = ix[f]
        if f == "not_first":
            t.setdefault(r["code"], []).append(i)
        elif f == "etiology":
            t.setdefault(r["code"], []).append((i, frozenset(r["etiologies"])))
        elif f == "age":
            t.setdefault(r["code"], []).append((i, r["min_age"], r["max_age"]))
        elif f == "sex":
            t.setdefault(r["code"], []).append((i, r["sex"]))
        elif f == "modifier":
            em = frozenset(r["em"])
            for p in r["procedures"]:
                t.setdefault(p, []).append((i, em, r["modifier"]))
        elif f == "necessity":
            d = frozenset(r["diagnoses"])
            for p in r["procedures"]:
                t.setdefault(p, []).append((i, d))
        elif f == "ptp":
            t.setdefault(r["col1"], {}).setdefault(r["col2"], []).append((i, r["indicator"], r["start"], r["end"]))
        elif f == "mue":
            t.setdefault(r["procedure"], []).append((i, r["max_units"]))
        else:
            a = frozenset(r["allowed"])
            for p in r["procedures"]:
                t.setdefault(p, []).append((i, a))
    return ix


class Adapter(Base):
    name = "hand-python"

    def load_rules(self, rules):
        ix = file_rules(rules)
        for k, v in ix.items():
            setattr(self, k, v)
        self.fails = self._fails_rules

    def load_table(self, c):
        t = {}
        rows = {}
        for a, b, i, s, e in zip(c["col1"], c["col2"], c["indicator"], c["start"], c["end"], strict=True):
            row = (i, s, e)
            row = rows.setdefault(row, row)
            d = t.get(a)
            if d is None:
                d = t[a] = {}
            d[b] = row
        self.table_ix = t
        self.fails = self._fails_table

    def _fails_rules(self, enc):
        out = set()
        codes = [d["code"] for d in enc["diagnoses"]]
        r = self.not_first.get(codes[0])
        if r:
            out.update(r)
        age = None
        sex = enc["patient"]["sex"]
        etio, ages, sexes = self.etiology, self.age, self.sex
        for n, c in enumerate(codes):
            if c in etio:
                for i, e in etio[c]:
                    if e.isdisjoint(codes[:n]):
                        out.add(i)
            if c in ages:
                if age is None:
                    age = age_at(enc["patient"]["birth_date"], enc["admit"])
                for i, lo, hi in ages[c]:
                    if not lo <= age <= hi:
                        out.add(i)
            if c in sexes:
                for i, s in sexes[c]:
                    if s != sex:
                        out.add(i)
        lines = enc["lines"]
        nec, mue, pos, mod, ptp = self.necessity, self.mue, self.pos, self.modifier, self.ptp
        for ln in lines:
            p = ln["procedure"]
            if p in nec:
                pointed = [codes[k - 1] for k in ln["dx"]]
                for i, d in nec[p]:
                    if d.isdisjoint(pointed):
                        out.add(i)
            if p in mue:
                u = ln["units"]
                for i, m in mue[p]:
                    if u > m:
                        out.add(i)
            if p in pos:
                at = ln["pos"]
                for i, a in pos[p]:
                    if at not in a:
                        out.add(i)
            if p in mod:
                day = ln["service_date"]
                for i, em, m in mod[p]:
                    for o in lines:
                        if o["procedure"] in em and o["service_date"] == day and m not in o["modifiers"]:
                            out.add(i)
                            break
            if p in ptp:
                t = ptp[p]
                for o in lines:
                    q = o["procedure"]
                    if q in t and o["service_date"] == ln["service_date"]:
                        for i, ind, s, e in t[q]:
                            if s <= ln["service_date"] <= e and not (
                                ind and (not MODS.isdisjoint(ln["modifiers"]) or not MODS.isdisjoint(o["modifiers"]))
                            ):
                                out.add(i)
        return out

    def _fails_table(self, enc):
        t = self.table_ix
        lines = enc["lines"]
        if len(lines) < 2:
            return ()
        for ln in lines:
            d = t.get(ln["procedure"])
            if d is None:
                continue
            day = ln["service_date"]
            for o in lines:
                row = d.get(o["procedure"])
                if (
                    row is not None
                    and o["service_date"] == day
                    and row[1] <= day <= row[2]
                    and not (row[0] and (not MODS.isdisjoint(ln["modifiers"]) or not MODS.isdisjoint(o["modifiers"])))
                ):
                    return ("PTP",)
        return ()

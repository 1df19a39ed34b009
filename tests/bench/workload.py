"""Deterministic synthetic workload: encounters, neutral rules, PTP tables.

Nothing here is real clinical content: code *shapes* look like ICD-10-CM and
CPT/HCPCS, the meanings are random.  Everything follows from SEED.

Neutral rule description (a plain dict per rule, always with ``id`` and
``family``).  A rule FAILS an encounter when:

  not_first  code                        the first-listed diagnosis is `code`
  etiology   code, etiologies            `code` is listed and none of `etiologies` is listed before it
  modifier   procedures, em, modifier    on one service date: a line in `procedures`, and a line in `em`
                                         without `modifier`
  necessity  procedures, diagnoses       a line in `procedures` points at no diagnosis in `diagnoses`
  ptp        col1, col2, indicator,      on one service date within [start, end]: a line with `col1` and a
             start, end                  line with `col2`; indicator 1: only if neither line carries one of
                                         PTP_MODIFIERS
  mue        procedure, max_units        a line of `procedure` has units > max_units
  age        code, min_age, max_age      `code` is listed, and age in years at admission is outside the range
  sex        code, sex                   `code` is listed, and the patient's sex differs
  pos        procedures, allowed         a line in `procedures` has a place of service not in `allowed`

Dates in rules are ISO strings (they order as text).
"""

from __future__ import annotations

import datetime as dt
import os

import numpy as np

SEED = int(os.environ.get("SEQUELA_BENCH_SEED", "20240917"))
N_DX, N_PROC, N_PTP_MAX = 70_000, 16_000, 2_500_000
EM = [
    "99202",
    "99203",
    "99204",
    "99205",
    "99211",
    "99212",
    "99213",
    "99214",
    "99215",
    "99221",
    "99222",
    "99223",
    "99231",
    "99232",
    "99233",
    "99281",
    "99282",
    "99283",
    "99284",
    "99285",
]
PTP_MODIFIERS = ["25", "59", "XE", "XP", "XS", "XU", "91"]
FAMILIES = ("not_first", "etiology", "modifier", "necessity", "ptp", "mue", "age", "sex", "pos")
# per 20 rules; rules[:10] holds every family at least once
MIX = [
    "not_first",
    "etiology",
    "modifier",
    "necessity",
    "ptp",
    "mue",
    "age",
    "sex",
    "pos",
    "necessity",
    "not_first",
    "etiology",
    "ptp",
    "necessity",
    "ptp",
    "mue",
    "necessity",
    "ptp",
    "necessity",
    "ptp",
]


def _codes(rng):
    dx = []
    for letter in "ABCDEFGHIJKLMNOPQRSTVWXYZ":
        for n in range(100):
            for s in range(30):
                dx.append(f"{letter}{n:02d}.{s % 10}{'' if s < 10 else s // 10}")  # noqa: PERF401
    dx = [dx[i] for i in rng.permutation(len(dx))[:N_DX]]
    proc = [f"{n:05d}" for n in range(10004, 99200, 8)][:11_000] + [
        f"{c}{n:04d}" for c in "AGJLQ" for n in range(0, 9000, 9)
    ]
    proc = [proc[i] for i in rng.permutation(len(proc))[:N_PROC]]
    return dx, proc


def _zipf(n, s, q):
    w = 1.0 / np.power(np.arange(n) + 1.0 + q, s)
    return w / w.sum()


class Workload:
    def __init__(self):
        rng = np.random.default_rng(SEED)
        self.dx_codes, self.proc_codes = _codes(rng)
        self._dx_cdf = np.cumsum(_zipf(N_DX, 1.0, 20))
        self._proc_cdf = np.cumsum(_zipf(N_PROC, 1.0, 5))

    # -- table ---------------------------------------------------------------
    def ptp_table(self, n):
        """First n rows of one fixed random table: dict of equal-length columns."""
        rng = np.random.default_rng(SEED + 1)
        cdf = np.cumsum(_zipf(N_PROC, 0.3, 5))
        draws = int(N_PTP_MAX * 1.25) if n > 200_000 else 250_000
        # always draw in the same order, so small tables are prefixes of large ones
        a = np.minimum(np.searchsorted(cdf, rng.random(int(N_PTP_MAX * 1.25))), N_PROC - 1)[:draws]
        b = np.minimum(np.searchsorted(cdf, rng.random(int(N_PTP_MAX * 1.25))), N_PROC - 1)[:draws]
        keep = a != b
        a, b = a[keep], b[keep]
        _, first = np.unique(a.astype(np.int64) * N_PROC + b, return_index=True)
        first.sort()
        first = first[:n]
        assert len(first) == n, (len(first), n)
        a, b = a[first], b[first]
        r2 = np.random.default_rng(SEED + 2)
        ind = (r2.random(N_PTP_MAX) < 0.6).astype(int)[:n]
        starts = np.array(["2010-01-01", "2018-01-01", "2023-07-01", "2024-04-01"])[r2.integers(0, 4, N_PTP_MAX)[:n]]
        ends = np.array(["9999-12-31", "9999-12-31", "2024-06-30", "2024-09-30"])[r2.integers(0, 4, N_PTP_MAX)[:n]]
        pc = np.array(self.proc_codes, dtype=object)
        return {
            "col1": pc[a].tolist(),
            "col2": pc[b].tolist(),
            "indicator": ind.tolist(),
            "start": starts.tolist(),
            "end": ends.tolist(),
        }

    # -- rules ---------------------------------------------------------------
    def rules(self, m):
        rng = np.random.default_rng(SEED + 3)
        dx_flat, pr_flat = np.cumsum(_zipf(N_DX, 0.5, 20)), np.cumsum(_zipf(N_PROC, 0.4, 5))
        head = list(self.proc_codes[:40])
        ptp = self.ptp_table(10_000)
        out, n_ptp = [], 0

        def dx(i):
            return self.dx_codes[
                int(rng.integers(0, 40)) if i < 20 else min(int(np.searchsorted(dx_flat, rng.random())), N_DX - 1)
            ]

        def dx_set(lo, hi):
            k = round(float(np.exp(rng.uniform(np.log(lo), np.log(hi)))))
            idx = np.searchsorted(self._dx_cdf, rng.random(2 * k + 20))
            return list(dict.fromkeys(self.dx_codes[min(j, N_DX - 1)] for j in idx.tolist()))[:k]

        def procs(i, lo, hi):
            k = int(rng.integers(lo, hi + 1))
            if i < 20:
                return list(dict.fromkeys(head[int(j)] for j in rng.integers(0, 40, k)))
            idx = np.searchsorted(pr_flat, rng.random(k)).tolist()
            return list(dict.fromkeys(self.proc_codes[min(j, N_PROC - 1)] for j in idx))

        for i in range(m):
            fam = MIX[i % len(MIX)]
            r = {"id": f"R{i:05d}", "family": fam}
            if fam == "not_first":
                r["code"] = dx(i)
            elif fam == "etiology":
                r["code"] = dx(i)
                r["etiologies"] = [c for c in dx_set(5, 60) if c != r["code"]]
            elif fam == "modifier":
                r.update(procedures=procs(i, 5, 30), em=EM, modifier="25" if rng.random() < 0.8 else "24")
            elif fam == "necessity":
                r.update(procedures=procs(i, 1, 10), diagnoses=dx_set(5, 500))
            elif fam == "ptp":
                r.update({k: ptp[k][n_ptp] for k in ptp})
                n_ptp += 1
            elif fam == "mue":
                r.update(procedure=procs(i, 1, 1)[0], max_units=int(rng.integers(1, 4)))
            elif fam == "age":
                lo = int(rng.choice([0, 9, 12, 15, 65]))
                r.update(code=dx(i), min_age=lo, max_age=int({0: 17, 9: 64, 12: 55, 15: 124, 65: 124}[lo]))
            elif fam == "sex":
                r.update(code=dx(i), sex="F" if rng.random() < 0.5 else "M")
            else:
                r.update(
                    procedures=procs(i, 3, 30),
                    allowed=sorted(rng.choice(["11", "22", "23", "21", "31", "12", "81"], 4, replace=False).tolist()),
                )
            out.append(r)
        return out

    # -- encounters ----------------------------------------------------------
    def encounters(self, n):
        rng = np.random.default_rng(SEED + 4)
        ptp = self.ptp_table(10_000)
        n_planted = np.minimum((rng.pareto(0.6, n) * 3).astype(int), 9_999)
        U = rng.random((n, 12))  # noqa: N806
        n_dx = rng.choice(np.arange(1, 13), n, p=np.array([14, 16, 15, 13, 10, 8, 6, 5, 4, 4, 3, 2]) / 100)
        n_ln = rng.choice(np.arange(1, 9), n, p=np.array([22, 22, 18, 13, 9, 7, 5, 4]) / 100)
        dxr = np.minimum(np.searchsorted(self._dx_cdf, rng.random((n, 16))), N_DX - 1)
        prr = np.minimum(np.searchsorted(self._proc_cdf, rng.random((n, 8))), N_PROC - 1)
        L = rng.random((n, 8, 10))  # noqa: N806
        mods = ["25", "59", "XS", "XE", "LT", "RT", "50", "26", "TC", "GA", "KX", "76"]
        poss = ["11"] * 5 + ["22"] * 2 + ["23", "21", "31", "12", "81"]
        day0, born0 = dt.date(2024, 1, 1), dt.date(2024, 1, 1)
        out = []
        for i in range(n):
            u = U[i]
            setting = "professional" if u[0] < 0.6 else "outpatient" if u[0] < 0.85 else "inpatient"
            admit = day0 + dt.timedelta(days=int(u[1] * 366))
            stay = int(u[2] * 7) if setting == "inpatient" else (int(u[2] * 3) if u[3] < 0.2 else 0)
            dates = [(admit + dt.timedelta(days=k)).isoformat() for k in range(stay + 1)]
            codes = list(dict.fromkeys(self.dx_codes[j] for j in dxr[i].tolist()))[: int(n_dx[i])]
            procs = [self.proc_codes[j] for j in prr[i, : int(n_ln[i])].tolist()]
            if u[4] < 0.35:
                procs[0] = EM[int(u[5] * len(EM))]
            if u[6] < 0.10:
                k = int(n_planted[i])
                procs = [*procs, ptp["col1"][k], ptp["col2"][k]][-8:]
            lines = []
            for j, p in enumerate(procs):
                v = L[i, j]
                ms = []
                if p in EM:
                    ms = ["25"] if v[0] < 0.4 else []
                elif v[0] < 0.35:
                    ms = [mods[int(v[1] * 12)]]
                    if v[2] < 0.2 and mods[int(v[3] * 12)] not in ms:
                        ms.append(mods[int(v[3] * 12)])
                ptr = list(dict.fromkeys(1 + int(v[6 + k] * len(codes)) for k in range(1 + int(v[5] * 3))))
                lines.append(
                    {
                        "procedure": p,
                        "modifiers": ms,
                        "units": 1 if v[4] < 0.8 else 1 + int(v[4] * 50) % 9,
                        "service_date": dates[int(v[9] * len(dates))],
                        "pos": poss[int(v[8] * len(poss))],
                        "dx": ptr,
                    }
                )
            out.append(
                {
                    "id": f"E{i:06d}",
                    "patient": {
                        "birth_date": (born0 - dt.timedelta(days=int(u[7] * 95 * 365.25))).isoformat(),
                        "sex": "F" if u[8] < 0.53 else "M" if u[8] < 0.99 else "U",
                    },
                    "payer": f"P{int(u[9] * 12):02d}",
                    "setting": setting,
                    "admit": dates[0],
                    "discharge": dates[-1],
                    "diagnoses": [{"code": c, "poa": "YNUW"[int((u[10] * 97 + k) % 4)]} for k, c in enumerate(codes)],
                    "lines": lines,
                }
            )
        return out

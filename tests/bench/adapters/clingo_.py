"""clingo (ASP): whole batch as one ground program; a stratified program, so the
grounder alone computes the answer.  Rule data as facts, one rule per family."""

from facts import iso_int

from . import Base
from .relational import encounter_tables, rule_tables

PROGRAM = """
fail(E,R) :- dx(E,0,C), r_first(R,C).
prior(E,R,N) :- dx(E,N,C), r_etio(R,C), dx(E,P,D), P < N, r_etio_set(R,D).
fail(E,R) :- dx(E,N,C), r_etio(R,C), not prior(E,R,N).
fail(E,R) :- line(E,_,P,D,_,_,_,_,_), r_mod(R,P,"25"), line(E,_,Q,D,_,_,_,0,_), r_em(Q).
fail(E,R) :- line(E,_,P,D,_,_,_,_,_), r_mod(R,P,"24"), line(E,_,Q,D,_,_,_,_,0), r_em(Q).
cov(E,L,R) :- line(E,L,P,_,_,_,_,_,_), r_nec(R,P), ptr(E,L,C), r_nec_set(R,C).
fail(E,R) :- line(E,L,P,_,_,_,_,_,_), r_nec(R,P), not cov(E,L,R).
fail(E,R) :- line(E,L,P,_,U,_,_,_,_), r_mue(R,P,M), U > M.
fail(E,R) :- dx(E,_,C), r_age(R,C,A,_), enc(E,Y,_), Y < A.
fail(E,R) :- dx(E,_,C), r_age(R,C,_,B), enc(E,Y,_), Y > B.
fail(E,R) :- dx(E,_,C), r_sex(R,C,S), enc(E,_,X), X != S.
fail(E,R) :- line(E,_,P,_,_,O,_,_,_), r_pos(R,P), not r_pos_set(R,O).
"""
PTP = """
fail(E,R) :- line(E,L,P,D,_,_,_,_,_), line(E,K,Q,D,_,_,_,_,_), L != K, r_ptp(R,P,Q,0,S,T), S <= D, D <= T.
fail(E,R) :- line(E,L,P,D,_,_,0,_,_), line(E,K,Q,D,_,_,0,_,_), L != K, r_ptp(R,P,Q,1,S,T), S <= D, D <= T.
"""


def atoms(tables):
    out = []
    for name, cols in tables.items():
        for row in zip(*cols.values(), strict=True):
            out.append(  # noqa: PERF401
                f"{name}({','.join(chr(34) + v + chr(34) if isinstance(v, str) else str(int(v)) for v in row)})."
            )
    return "\n".join(out)


class Adapter(Base):
    name = "clingo (batch)"
    kind = "batch"
    max_table = 1_000_000
    note = "grounder only; rules are re-ground with every batch (that is its API for new facts)"

    def load_rules(self, rules):
        self.text = PROGRAM + PTP + atoms(rule_tables(rules))
        self.ids = lambda r: f"R{r:05d}"

    def load_table(self, c):
        n = len(c["col1"])
        self.text = PTP + atoms(
            {
                "r_ptp": {
                    "r": [0] * n,
                    "c1": c["col1"],
                    "c2": c["col2"],
                    "ind": c["indicator"],
                    "s": [iso_int(x) for x in c["start"]],
                    "t": [iso_int(x) for x in c["end"]],
                }
            }
        )
        self.ids = lambda r: "PTP"

    def ingest(self, encounters):
        self.facts = atoms(encounter_tables(encounters))

    def run(self):
        import clingo

        ctl = clingo.Control(["--warn=none"])
        ctl.add("base", [], self.text + "\n" + self.facts)
        ctl.ground([("base", [])])
        self.rows = [
            (a.symbol.arguments[0].number, a.symbol.arguments[1].number)
            for a in ctl.symbolic_atoms.by_signature("fail", 2)
        ]
        return self.rows

    def verdicts(self, _):
        return {(e, self.ids(r)) for e, r in self.rows}

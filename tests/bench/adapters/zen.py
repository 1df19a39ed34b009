"""GoRules ZEN (Rust).  Rules: one decision table, hit policy `collect`, one row
per rule, the cell a full expression (documented for columns without a field),
loaded through a static loader (which pre-compiles: 4x faster than
create_decision(str)).  Table: decision table in loop mode over same-day pairs."""

import json

from facts import facts, iso_int, pairs
from workload import PTP_MODIFIERS

from . import Base

J = json.dumps
NOMOD = f"none(#.modifiers, # in {J(PTP_MODIFIERS)})"


def expr(r):
    f = r["family"]
    if f == "not_first":
        return f"first_dx == {J(r['code'])}"
    if f == "etiology":
        return f"some(dx, #.code == {J(r['code'])} and none(#.prior, # in {J(r['etiologies'])}))"
    if f == "modifier":
        return (
            f"some(days, some(#.lines, #.procedure in {J(r['procedures'])}) and "
            f"some(#.lines, #.procedure in {J(r['em'])} and none(#.modifiers, # == {J(r['modifier'])})))"
        )
    if f == "necessity":
        return f"some(lines, #.procedure in {J(r['procedures'])} and none(#.dx_codes, # in {J(r['diagnoses'])}))"
    if f == "ptp":
        m = f" and {NOMOD}" if r["indicator"] else ""
        return (
            f"some(days, #.date >= {iso_int(r['start'])} and #.date <= {iso_int(r['end'])} and "
            f"some(#.lines, #.procedure == {J(r['col1'])}{m}) and some(#.lines, #.procedure == {J(r['col2'])}{m}))"
        )
    if f == "mue":
        return f"some(lines, #.procedure == {J(r['procedure'])} and #.units > {r['max_units']})"
    if f == "age":
        return f"{J(r['code'])} in dx_codes and (age < {r['min_age']} or age > {r['max_age']})"
    if f == "sex":
        return f"{J(r['code'])} in dx_codes and sex != {J(r['sex'])}"
    return f"some(lines, #.procedure in {J(r['procedures'])} and #.pos not in {J(r['allowed'])})"


def _graph(content):
    pos = {"x": 0, "y": 0}
    return {
        "nodes": [
            {"id": "in", "type": "inputNode", "name": "in", "position": pos},
            {"id": "t", "type": "decisionTableNode", "name": "t", "position": pos, "content": content},
            {"id": "out", "type": "outputNode", "name": "out", "position": pos},
        ],
        "edges": [
            {"id": "e1", "sourceId": "in", "targetId": "t", "type": "edge"},
            {"id": "e2", "sourceId": "t", "targetId": "out", "type": "edge"},
        ],
    }


class Adapter(Base):
    name = "zen-engine"
    explains = (
        "trace option: which rows fired, plus copies of node input/output (no per-condition reason, nothing for passes)"
    )
    max_table = 100_000

    def _engine(self, graph):
        import zen

        self.e = zen.ZenEngine({"loader": {"type": "static", "content": {"k": graph}}})

    def load_rules(self, rules):
        self._engine(
            _graph(
                {
                    "hitPolicy": "collect",
                    "inputs": [{"id": "c", "name": "condition"}],
                    "outputs": [{"id": "r", "field": "rule", "name": "rule"}],
                    "rules": [{"_id": r["id"], "c": expr(r), "r": J(r["id"])} for r in rules],
                }
            )
        )
        self.e.evaluate("k", facts(PROBE))

    def fails(self, enc):
        return [x["rule"] for x in self.e.evaluate("k", facts(enc))["result"]]

    def explain(self, enc):
        r = self.e.evaluate("k", facts(enc), {"trace": True})
        return r["trace"]["t"]["traceData"]

    def load_table(self, c):
        self._engine(
            _graph(
                {
                    "hitPolicy": "first",
                    "executionMode": "loop",
                    "inputField": "pairs",
                    "inputs": [
                        {"id": "a", "field": "c1", "name": "c1"},
                        {"id": "b", "field": "c2", "name": "c2"},
                        {"id": "d", "field": "date", "name": "date"},
                        {"id": "m", "field": "mod", "name": "mod"},
                    ],
                    "outputs": [{"id": "r", "field": "hit", "name": "hit"}],
                    "rules": [
                        {
                            "_id": str(n),
                            "a": J(a),
                            "b": J(b),
                            "d": f"[{iso_int(s)}..{iso_int(e)}]",
                            "m": "false" if i else "",
                            "r": "true",
                        }
                        for n, (a, b, i, s, e) in enumerate(
                            zip(c["col1"], c["col2"], c["indicator"], c["start"], c["end"], strict=True)
                        )
                    ],
                }
            )
        )
        self.fails = self._table
        self.explain = None
        self._table(PROBE)

    def _table(self, enc):
        ps = [
            {
                "c1": a["procedure"],
                "c2": b["procedure"],
                "date": iso_int(a["service_date"]),
                "mod": any(m in PTP_MODIFIERS for m in a["modifiers"] + b["modifiers"]),
            }
            for a, b in pairs(enc)
        ]
        if not ps:
            return ()
        return ("PTP",) if any(self.e.evaluate("k", {"pairs": ps})["result"]) else ()


PROBE = {
    "patient": {"birth_date": "1980-01-01", "sex": "F"},
    "admit": "2024-01-01",
    "diagnoses": [{"code": "?"}],
    "lines": [
        {"procedure": "?", "modifiers": [], "units": 1, "pos": "11", "dx": [1], "service_date": "2024-01-01"},
        {"procedure": "?", "modifiers": [], "units": 1, "pos": "11", "dx": [1], "service_date": "2024-01-01"},
    ],
}

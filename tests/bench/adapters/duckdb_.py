"""DuckDB, single thread, whole batch: one SQL statement per family."""

from facts import iso_int

from . import Base
from .relational import encounter_tables, rule_tables

SQL = {
    "first": "SELECT e, r FROM dx JOIN r_first USING (code) WHERE n = 0",
    "etio": """SELECT m.e, q.r FROM dx m JOIN r_etio q USING (code)
               WHERE NOT EXISTS (SELECT 1 FROM dx p JOIN r_etio_set s USING (code) WHERE p.e = m.e AND s.r = q.r AND p.n < m.n)""",
    "mod": """SELECT DISTINCT a.e, q.r FROM line a JOIN r_mod q USING (proc)
              JOIN (SELECT e, day, m25, m24 FROM line SEMI JOIN r_em USING (proc)) b ON a.e = b.e AND a.day = b.day
              WHERE NOT (CASE q.m WHEN '25' THEN b.m25 ELSE b.m24 END)""",
    "nec": """SELECT DISTINCT a.e, q.r FROM line a JOIN r_nec q USING (proc)
              WHERE NOT EXISTS (SELECT 1 FROM ptr p JOIN r_nec_set s USING (code) WHERE p.e = a.e AND p.l = a.l AND s.r = q.r)""",
    "ptp": """SELECT DISTINCT a.e, q.r FROM line a JOIN line b ON a.e = b.e AND a.day = b.day AND a.l <> b.l
              JOIN r_ptp q ON q.c1 = a.proc AND q.c2 = b.proc
              WHERE a.day BETWEEN q.s AND q.t AND NOT (q.ind = 1 AND (a.mod OR b.mod))""",
    "mue": "SELECT DISTINCT e, r FROM line JOIN r_mue USING (proc) WHERE units > mx",
    "age": "SELECT DISTINCT e, r FROM dx JOIN r_age USING (code) JOIN enc USING (e) WHERE age < lo OR age > hi",
    "sex": "SELECT DISTINCT d.e, q.r FROM dx d JOIN r_sex q USING (code) JOIN enc n ON n.e = d.e WHERE n.sex <> q.sex",
    "pos": "SELECT DISTINCT e, r FROM line JOIN r_pos USING (proc) WHERE NOT EXISTS (SELECT 1 FROM r_pos_set s WHERE s.r = r_pos.r AND s.pos = line.pos)",
}


class Adapter(Base):
    name = "DuckDB (batch)"
    kind = "batch"
    note = "1 thread; ingest = Python dicts flattened to Arrow (timed apart)"

    def _con(self):
        import duckdb

        self.con = duckdb.connect(config={"threads": 1})

    def _put(self, tables):
        import pyarrow as pa

        for name, cols in tables.items():
            t = pa.table(cols)
            self.con.register("src", t)
            self.con.execute(f"CREATE OR REPLACE TABLE {name} AS SELECT * FROM src")
            self.con.unregister("src")

    def load_rules(self, rules):
        self._con()
        self._put(rule_tables(rules))
        self.sql = " UNION ALL ".join(f"({q})" for q in SQL.values())
        self.ids = lambda r: f"R{r:05d}"

    def load_table(self, c):
        self._con()
        n = len(c["col1"])
        self._put(
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
        self.sql = SQL["ptp"]
        self.ids = lambda r: "PTP"

    def ingest(self, encounters):
        self._put(encounter_tables(encounters))

    def run(self):
        self.rows = self.con.execute(self.sql).fetchnumpy()
        return self.rows

    def verdicts(self, _):
        e, r = (self.rows[k] for k in self.rows)
        return {(int(a), self.ids(int(b))) for a, b in zip(e, r, strict=True)}

"""DuckDB end to end: newline-delimited JSON file -> read_json -> unnest -> the
same SQL.  `ingest` here replaces decoding the encounters in Python."""

import atexit
import json
import os
import tempfile

from workload import PTP_MODIFIERS

from .duckdb_ import Adapter as Plain

COLS = (
    "{id:'VARCHAR', patient:'STRUCT(birth_date DATE, sex VARCHAR)', admit:'DATE', diagnoses:'STRUCT(code VARCHAR)[]', "
    "lines:'STRUCT(procedure VARCHAR, modifiers VARCHAR[], units INTEGER, service_date VARCHAR, pos VARCHAR, dx INTEGER[])[]'}"
)


class Adapter(Plain):
    name = "DuckDB from NDJSON (batch)"
    note = "1 thread; ingest = read_json + unnest inside DuckDB"

    def prepare(self, encounters):
        fd, self.path = tempfile.mkstemp(suffix=".ndjson")
        with os.fdopen(fd, "w") as f:
            for e in encounters:
                f.write(json.dumps(e) + "\n")
        atexit.register(os.unlink, self.path)

    def ingest(self, _):
        c = self.con
        mods = "[" + ",".join(f"'{m}'" for m in PTP_MODIFIERS) + "]"
        c.execute(
            f"CREATE TABLE raw AS SELECT CAST(substr(id, 2) AS INTEGER) AS e, * FROM read_json('{self.path}', format='newline_delimited', columns={COLS})"
        )
        os.unlink(self.path)
        open(self.path, "w").close()
        c.execute(
            "CREATE TABLE enc AS SELECT e, datesub('year', patient.birth_date, admit) AS age, patient.sex AS sex FROM raw"
        )
        c.execute(
            "CREATE TABLE dx AS SELECT e, generate_subscripts(diagnoses, 1) - 1 AS n, unnest(diagnoses).code AS code FROM raw"
        )
        c.execute(
            "CREATE TABLE u AS SELECT e, diagnoses AS d, generate_subscripts(lines, 1) - 1 AS l, unnest(lines) AS x FROM raw"
        )
        c.execute(f"""CREATE TABLE line AS SELECT e, l, x.procedure AS proc, CAST(replace(x.service_date, '-', '') AS INTEGER) AS day, x.units AS units,
                      x.pos AS pos, list_has_any(x.modifiers, {mods}) AS mod, list_contains(x.modifiers, '25') AS m25, list_contains(x.modifiers, '24') AS m24 FROM u""")
        c.execute("CREATE TABLE ptr AS SELECT e, l, d[k].code AS code FROM (SELECT e, l, d, unnest(x.dx) AS k FROM u)")

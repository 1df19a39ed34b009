"""Adapter interface.  One module per peer; each defines a class `Adapter`.

class Adapter:
    name = "my-engine"           # shown in the tables (default: module name)
    kind = "encounter"           # or "batch"
    explains = "..."             # one line: what explanation a user gets for free ("" = none)
    note = ""                    # anything a reader must know (idiom used, derived facts, ...)
    families = {...}             # rule families it can express (default: all)
    table = True                 # can express the PTP table as one rule
    max_rules / max_table        # optional: largest point worth attempting

    # kind == "encounter"
    def load_rules(self, rules): ...       # timed as compile; neutral dicts, see workload.py
    def load_table(self, cols): ...        # timed as load; columns col1,col2,indicator,start,end
    def fails(self, enc) -> iterable of rule ids that fail   (table point: non-empty iff fail)
    def explain(self, enc)                 # optional: same evaluation + explanation objects;
                                           # timed separately, gives the cost of explanation
    # kind == "batch"
    def load_rules / load_table            # as above
    def prepare(self, encounters)          # optional, not timed (write an input file, ...)
    def ingest(self, encounters)           # timed on its own: decoded dicts -> engine-side tables
    def run(self)                          # timed: evaluate the batch, materialise the result
    def verdicts(self, encounters)         # not timed: last run's result as a set of
                                           # (encounter index, rule id); table point: rule id "PTP"

Set `warm = False` if a second instance in one process is impossible (the worker
otherwise loads a small one first so that imports are not counted as load).

To add an engine: drop `adapters/<name>.py` here with such a class and pass
`--peers <name>` (or nothing: every module in this folder is a peer).
"""

from workload import FAMILIES


class Base:
    kind = "encounter"
    explains = ""
    note = ""
    families = frozenset(FAMILIES)
    table = True
    max_rules = 10_000
    max_table = 2_500_000

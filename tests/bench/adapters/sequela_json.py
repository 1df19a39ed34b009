"""Sequela from JSON texts: every encounter is read from its bytes and decided, with its ledger; nothing is remembered of it."""

from .sequela_ import Adapter as OneByOne
from .sequela_ import json_text


class Adapter(OneByOne):
    """A batch of JSON texts to explained ledgers: `run` reads and decides, so its time stands beside ingesting and running."""

    name = "sequela from NDJSON (batch)"
    kind = "batch"

    def prepare(self, encounters):
        self.texts = [json_text(one) for one in encounters]

    def ingest(self, encounters):
        """Nothing: a text is read where it is decided."""

    def run(self):
        check = self.book.check
        self.failed = [check(text).failed_rules for text in self.texts]
        return self.failed

    def verdicts(self, encounters):
        return {(at, rule) for at, rules in enumerate(self.failed) for rule in rules}

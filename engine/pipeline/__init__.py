"""Pipeline: from rule files on disk to a rulebook, and from an encounter to its ledger.

The only room of the engine that reads rule and table files; everything below it is handed texts.
"""

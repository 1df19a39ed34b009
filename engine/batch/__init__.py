"""Batch: many claims at once: cut into chunks, decided by several processes, written as Parquet, and taken up again after a stop.

`seam` is what other machinery (a cluster, a notebook) calls with batches of its own; `README.md` documents every column.
"""

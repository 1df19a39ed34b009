"""Plan: the fast path. Resolved rules become compiled steps, filed under the codes that can trigger them.

It answers with the same verdicts as `evaluate.walk`, and with no explanation: that is the walk's, made on demand.
"""

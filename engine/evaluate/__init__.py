"""Evaluate: what the rules say of a claim, plainly, and why.

values, operations     what is known and what is not; what the words of the language mean on values
groups, payments       lines that share facts; lines that earlier phases denied
walk                   every rule on a claim: walk_subjects (what `for` binds), walk_rule (one combination),
                       walk_conditions, walk_sets, walk_values, collections, facts; walk_verdicts (what follows)
evidence               what the walk notes while it judges
replay                 one verdict judged again; tracing and tree make the trace of it, missing and families what it waits
                       for, suggested the frames on which a suggested change could be tried

The fast path is plan/; both give the same verdicts.
"""

"""Room: engine/syntax. The text of a rule file becomes nodes, and nodes become text again.

The walk: `normalise` (pasted characters) → `scan` (tokens, comments) → `split` (declarations) → `lalr` and `build` (nodes),
all from `parse`, the one door. What does not parse goes through `divide`, `pieces` and `mend`, where each of the `mistakes`
is named and read past, so that the next one is found too. Back to text: `phrases` (one line), `layout`, `format`.
The nodes: `node`, `conditions`, `clauses`, `declarations`, `cases`; `walk` goes through them.
"""

"""Write made-up claims: `python tests/bench/claims --count 5000 [--seed 1] [--as jsonl|837p|837i] > claims.jsonl`.

The same count, seed and form give the same bytes. An 837P holds the claims of a clinic among them, an 837I those of a hospital.
"""

import argparse
import json
import sys

from made import made_claims
from x12 import written


def main() -> None:
    """Write them to standard output."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--count", type=int, default=1000)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--faults", type=float, default=0.12, help="the share of claims that is spoilt")
    parser.add_argument("--as", dest="form", choices=("jsonl", "837p", "837i"), default="jsonl")
    asked = parser.parse_args()
    claims = made_claims(asked.count, asked.seed, asked.faults)
    if asked.form == "jsonl":
        for claim in claims:
            sys.stdout.write(json.dumps(claim, separators=(",", ":")) + "\n")
        return
    for segment in written(claims, asked.form):
        sys.stdout.write(f"{segment}~\n")


if __name__ == "__main__":
    main()

"""Resources a second: `python tests/bench/fhir [--count 2000] [--bytes 10000]` reads made-up ExplanationOfBenefits, one to a line.

Each is the inpatient claim of the samples with lines until it is so many bytes; the best of five runs, in time of the processor.
"""

import argparse
import io
import json
import time
from pathlib import Path

from sequela.engine.encounter.read import read

SAMPLE = Path(__file__).parents[2] / "samples" / "three-claims-benefits.ndjson"


def made(count: int, size: int) -> bytes:
    """So many resources of about so many bytes."""
    benefit = json.loads(SAMPLE.read_text(encoding="utf-8").splitlines()[2])
    first = benefit["item"]
    while len(json.dumps(benefit)) < size:
        benefit["item"] = [*benefit["item"], {**first[1], "sequence": len(benefit["item"]) + 1}]
    named = ({**benefit, "identifier": [{"value": f"C-{number}"}]} for number in range(count))
    return b"".join(json.dumps(one).encode() + b"\n" for one in named)


def main() -> None:
    """Print the figure."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--count", type=int, default=2000)
    parser.add_argument("--bytes", type=int, default=10_000)
    asked = parser.parse_args()
    text = made(asked.count, asked.bytes)
    best = float("inf")
    for _ in range(5):
        start = time.process_time()
        count = sum(found.encounter is not None for found in read(io.BytesIO(text), "made.ndjson"))
        best = min(best, time.process_time() - start)
    print(f"{count:,} resources of {len(text) // asked.count:,} bytes: {count / best:,.0f} a second")


if __name__ == "__main__":
    main()

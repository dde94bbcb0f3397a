"""Reading time on hostile texts: how much longer a text of twice the length takes, told as a ratio.

    python benchmarks/reading_time.py            # texts of 100,000 and 200,000 characters
    python benchmarks/reading_time.py --characters 250000

A ratio near 2 is linear time, near 4 quadratic. Texts repeat what the patterns of the readers begin with.
"""

from __future__ import annotations

import argparse
import time

UNITS = (
    "at least ", "at least 3 ", "a", "A", "A-", "1-", "(", "(a, ", "A (", " ", "\t", ".", ": ", "; ", "a: 1; ", "and ",
    "Crate A 12, ", "Crate A and ", "A to B is 3 km, ", "A→B: ", "From A to B costs 3, to C costs 4, ", "week 1: 3, ",
    "- Item 1: 3 kg, 4 dollars\n", "| A | 1 |\n", "| A ", "first the A for 3, ", "between 1 and ", "maximum w ",
    "total both all combined ", "no direct link between ", "if unless ", "1,", "3% ", "**a", "$", "\\text{", "'s ",
)  # fmt: skip


def seconds(text: str) -> float:
    """How long the offline formulator takes to answer or abstain."""
    from formulate.offline import formulate_offline

    started = time.perf_counter()
    formulate_offline(text)
    return time.perf_counter() - started


def main() -> None:
    """Print a line per text: seconds for the shorter, seconds for the longer, the ratio."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--characters", type=int, default=100_000)
    count = parser.parse_args().characters
    seconds("Warm up.")
    for unit in UNITS:
        first, second = (
            seconds("Crate A: 3 kg. " + (unit * (size // len(unit) + 1))[:size] + " 3.") for size in (count, 2 * count)
        )
        print(f"{unit!r:44} {first:8.2f} s {second:8.2f} s   x {second / max(first, 1e-3):.1f}", flush=True)


if __name__ == "__main__":
    main()

"""Measures answering: the twelve questions over half a million invented cases, counted, proved and written.

python bench/answers.py                   # 500,000 cases
python bench/answers.py --rows 13219
"""

import argparse
import tempfile
import time
from datetime import date
from pathlib import Path

from amends.demo.inventing import invent
from amends.openness.answering import answer
from amends.openness.counted import Source
from amends.openness.giving import give
from amends.openness.partition import Judged
from amends.openness.questions import questions
from amends.statistics.cases import open_cases

DAY = date(2026, 3, 31)


def main() -> None:
    """Run the measurement."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--rows", type=int, default=500_000)
    asked = parser.parse_args()
    judged = Judged(5, "Measured.", "Nobody", DAY)
    with tempfile.TemporaryDirectory(prefix="amends-answers-") as name:
        path = Path(name) / "cases.parquet"
        invent(path, rows=asked.rows)
        begun, gone, figures = time.perf_counter(), 0, 0
        with open_cases(path) as cases:
            source = Source("bench", cases, DAY, True, "Invented", "nobody@invented.example")
            for question in questions().values():
                if question.id.startswith("twelve-"):
                    first = time.perf_counter()
                    found = answer(
                        question, source, Path(name) / "answers", judged, None, lambda *_: None
                    )
                    give(found, DAY, None, "bench")
                    gone, figures = gone + found.withheld, figures + found.figures
                    print(f"{question.id}: {time.perf_counter() - first:.1f} s")
        print(
            f"twelve questions over {asked.rows:,} cases: {time.perf_counter() - begun:.1f} s (goal: 60)"
        )
        print(f"  {gone:,} of {figures:,} figures withheld ({gone / figures:.1%})")


if __name__ == "__main__":
    main()

"""`make bench`: our engines, the scan and the peers measured in one run, and the goals met or not."""

import argparse
import json
import os
import sys
import time
from pathlib import Path

os.environ["POLARS_MAX_THREADS"] = "2"  # before Polars is imported; the same threads as DuckDB

import agreeing
import auditing
import goals
import machine
import report
import single
from ours import Sql
from policies import both_ways
from rich.console import Console
from subjects import Bench
from timing import rounds

AUDITED = (1_000_000, 10_000_000)


def arguments() -> argparse.ArgumentParser:
    """What `make bench ARGS=...` understands."""
    parser = argparse.ArgumentParser(prog="make bench", description=__doc__)
    add = parser.add_argument
    add("--rows", type=int, metavar="N", help="rows of the invented history (default: 10,000,000)")
    add("--rounds", type=int, default=5, metavar="N", help="rounds, of which the best counts (5)")
    add(
        "--quick",
        action="store_true",
        help="a million rows, three rounds, no audit of a large file",
    )
    add("--markdown", action="store_true", help="print the tables as Markdown")
    add("--json", type=Path, metavar="OUT", help="also write every figure to OUT")
    add("--no-audit", action="store_true", help="do not audit files of 10^6 and 10^7 rows")
    return parser


def main() -> int:
    """Measure, print the tables, and write the figures where they are asked for."""
    args = arguments().parse_args()
    console = Console(stderr=True)
    with console.status("starting") as status:
        run = measure(args, status.update)
    print(report.text(run, markdown=args.markdown))
    if args.json:
        args.json.write_text(json.dumps(report.as_json(run), indent=2) + "\n", "utf-8")
    return 0


def measure(args: argparse.Namespace, tell: report.Tell) -> report.Run:
    """Everything, in the order of the report."""
    facts = machine.facts()
    rows = args.rows or (1_000_000 if args.quick else machine.default_rows())
    count = 3 if args.quick else max(3, args.rounds)
    bench = Bench(rows, 2_000 if args.quick else 10_000, tell)
    _ = bench.sql
    start = time.perf_counter()
    _ = bench.coded
    coding = time.perf_counter() - start
    subjects = bench.subjects()
    rounds(subjects, count, tell)
    found = {subject.key: subject for subject in subjects}
    results = {key: subject.result for key, subject in found.items()}
    tell("checking that they agree")
    agreed = agreeing.same_counts(results)
    agreed["masks of the class table"] = agreeing.same_masks(bench, results["sql-masks"])
    peers = agreeing.peers(bench, results)
    second = _second_look(bench.sql, found["sql-masks"].best, tell)
    tell("one decision with its explanation")
    times = 5 if args.quick else 15
    singles = {
        "every fact known": single.measure(bench.rules, missing=0.0, times=times),
        "one fact in five missing": single.measure(bench.rules, missing=0.2, times=times),
    }
    audits = [] if args.quick or args.no_audit else _audits(tell)
    asked = goals.of_bulk(found)
    asked += [goals.of_single(name, one) for name, one in singles.items()]
    asked += goals.of_audits(audits) if audits else []
    return report.Run(
        facts, rows, count, coding, subjects, singles, audits, agreed, peers, second, asked
    )


def _second_look(sql: Sql, masks: float, tell: report.Tell) -> float:
    """How much longer the masks take where open rows carry a key."""
    tell("a policy that needs a second look")
    rules, times = both_ways(), []
    for _ in range(2):
        start = time.perf_counter()
        sql.keys(rules)
        times.append(time.perf_counter() - start)
    return min(times) / masks


def _audits(tell: report.Tell) -> list[auditing.Audited]:
    tell("auditing files of a million and of ten million rows (some minutes)")
    return auditing.audits(list(AUDITED), 2)


if __name__ == "__main__":
    sys.exit(main())

"""`amends policies`, `amends facts` and `amends check`: the shelf, what may be asked, what is wrong."""

import argparse
from collections.abc import Iterable, Iterator
from pathlib import Path

from amends.cli.deciding import day
from amends.policy.accepting import problems_of, with_new_text, with_policies
from amends.policy.checking import check_examples
from amends.policy.examples import (
    Example,
    examples_beside,
    failures,
    published_examples,
)
from amends.policy.examples import (
    run as judge,
)
from amends.policy.facts import FactKind, catalogue
from amends.policy.library import Shelf, published, read_policy, text_of
from amends.policy.problems import Problem, Severity
from amends.policy.rules import Policy, PolicyError


def arguments(parser: argparse.ArgumentParser, command: str) -> None:
    """Add the arguments of *command*."""
    if command == "policies":
        parser.add_argument(
            "--text", metavar="ID", help="print the file of one, to read it or to start from it"
        )
        parser.add_argument("--force", help="only what judges a decision of this force")
        parser.add_argument("--on", type=day, metavar="DATE", help="and of this day")
        parser.add_argument(
            "--policy", type=Path, action="append", default=[], metavar="FILE",
            help="a policy, or a folder of them, to put on the shelf",
        )  # fmt: skip
    elif command == "check":
        parser.epilog = "Exit status 1 if anything is an error."
        parser.add_argument(
            "policy", nargs="*", metavar="ID-OR-FILE", help="policies; all on the shelf if none"
        )


def run(args: argparse.Namespace, command: str) -> int:
    """Do *command*."""
    if command == "facts":
        print("\n".join(_facts(catalogue().values())))
        return 0
    if command == "policies" and args.text:
        print(text_of(args.text), end="")
        return 0
    if command == "policies":
        print("\n".join(_policies(args)))
        return 0
    return _check(args.policy)


# --- policies -------------------------------------------------------------------------------------


def _policies(args: argparse.Namespace) -> Iterator[str]:
    held = with_policies(published(), args.policy)
    chosen: Iterable[Policy] = held.policies
    force = held.named(args.force) if args.force else None
    if force and args.on:
        chosen = held.in_force(force, args.on).policies
    elif force:
        held.check_force(force)
        chosen = [p for p in chosen if p.scope in ("national", force)]
    elif args.on:
        chosen = [p for p in chosen if p.in_force_on(args.on)]
    head = ("policy", "scope", "from", "until", "known from", "status", "confidence", "rules")
    yield from _table(head, [_row(policy) for policy in chosen])


def _row(policy: Policy) -> tuple[str, ...]:
    return (
        policy.id,
        policy.scope,
        str(policy.starts),
        str(policy.ends or "in force"),
        str(policy.known_from),
        policy.status,
        policy.confidence,
        str(len(policy.rules)),
    )


def _table(head: tuple[str, ...], rows: list[tuple[str, ...]]) -> Iterator[str]:
    widths = [max(map(len, column)) for column in zip(head, *rows, strict=True)]
    for row in (head, tuple("-" * width for width in widths), *rows):
        cells = (cell.ljust(width) for cell, width in zip(row, widths, strict=True))
        yield "  ".join(cells).rstrip()


# --- facts ----------------------------------------------------------------------------------------


def _facts(kinds: Iterable[FactKind], of: str = "") -> Iterator[str]:
    for kind in kinds:
        yield f"{of}{kind.name} ({_kind(kind)})"
        yield f"    {kind.meaning}"
        if kind.values:
            yield f"    One of: {', '.join(kind.values)}."
        yield from _facts(kind.fields, f"{of}{kind.name}.")


def _kind(kind: FactKind) -> str:
    words = [kind.type]
    if kind.type == "whole":
        words = [f"{kind.least} to {kind.greatest} {kind.unit}"]
    if kind.absent:
        words.append("may be absent")
    if kind.table:
        words.append(f"told by the table of {kind.table}")
    if not kind.decides:
        words.append("kept to answer questions, never to decide")
    return "; ".join(words)


# --- check ----------------------------------------------------------------------------------------


def _check(names: list[str]) -> int:
    held, found = published(), list[Problem]()
    for name in names or sorted(held.by_id):
        policy, examples = _policy(name, held)
        found += _problems(policy, examples, with_new_text(policy, held))
    found = list(dict.fromkeys(found))  # a fault between two policies is told of each
    for severity in Severity:
        for problem in found:
            if problem.severity is severity:
                print(problem)
    counts = {s: sum(problem.severity is s for problem in found) for s in Severity}
    print(", ".join(f"{severity}s: {count}" for severity, count in counts.items()))
    return 1 if counts[Severity.ERROR] else 0


def _policy(name: str, held: Shelf) -> tuple[Policy, tuple[Example, ...] | None]:
    if name in held.by_id:
        return held.find(name), published_examples().get(name)
    if not Path(name).exists() and not name.endswith(".toml"):
        raise PolicyError(name, "There is no such policy or file.", "`amends policies` lists them.")
    policy = read_policy(Path(name))
    return policy, examples_beside(Path(name), policy)


def _problems(policy: Policy, examples: tuple[Example, ...] | None, held: Shelf) -> list[Problem]:
    found = problems_of(policy, held)
    if examples is None:
        wrong = "It has no worked examples."
        right = "Write them beside it, in NAME.examples.toml."
        return [*found, Problem(Severity.WARNING, policy.id, wrong, right)]
    decisions = []
    for example in examples:
        decision = judge(example, policy, held)
        decisions.append(decision)
        found += [
            Problem(Severity.ERROR, example.place, wrong, "Correct the policy or the example.")
            for wrong in failures(example, decision)
        ]
    return found + check_examples(policy, decisions)

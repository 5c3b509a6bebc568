"""`amends decide` and `amends explain`: one case, decided and told in plain words."""

import argparse
import datetime as dt
import sys
from pathlib import Path
from typing import Any

from amends.cli.release import version
from amends.cli.writing import check_new, write_whole
from amends.feel.values import read_date
from amends.policy import completing, offences
from amends.policy.accepting import accepted, with_policies
from amends.policy.deciding import decide
from amends.policy.documents import Caveats, Document, document, dumps, read_document
from amends.policy.facts import FIRST_YEAR, LAST_YEAR, FactError, Facts, catalogue, read_json
from amends.policy.library import (
    NATIONAL,
    NoPolicy,
    Shelf,
    published,
)
from amends.policy.outside import check_inside
from amends.policy.rendering import render
from amends.policy.rules import Policy, PolicyError, Ruleset, ruleset

ALSO = "The force and the day may also stand in the facts, as `force` and `decision.date`."


def arguments(parser: argparse.ArgumentParser, command: str) -> None:
    """Add the arguments of *command*."""
    if command == "explain":
        parser.add_argument("document", type=Path, help="what `amends decide --json` wrote")
        return
    parser.epilog = ALSO
    parser.add_argument("facts", type=Path, help="a JSON file of what is known of the case")
    parser.add_argument("--force", help="the force that decides, for example avon-and-somerset")
    parser.add_argument("--on", type=day, metavar="DATE", help="the day of the decision; today")
    parser.add_argument(
        "--known-on", type=day, metavar="DATE", help="leave out policies that became known later"
    )
    parser.add_argument(
        "--policy", type=Path, action="append", default=[], metavar="FILE",
        help="a policy, or a folder of them, to put on the shelf",
    )  # fmt: skip
    parser.add_argument(
        "--draft", action="append", default=[], metavar="ID", help="try a draft: not a decision"
    )
    parser.add_argument(
        "--only", metavar="ID-OR-FILE", help="try one policy by itself: not a decision"
    )
    parser.add_argument("--json", action="store_true", help="print the document, to be kept")
    parser.add_argument("--out", type=Path, metavar="FILE", help="write the document to a new file")
    parser.add_argument(
        "--replace", action="store_true", help="with --out: write over a file that is there"
    )


def day(text: str) -> dt.date:
    """The day written as *text*, for argparse."""
    found = read_date(text)
    if found is None:
        raise argparse.ArgumentTypeError(f"{text!r} is not a date that exists. Write 2013-06-01.")
    if not FIRST_YEAR <= found.year <= LAST_YEAR:
        wrong = f"{text} is not in the years {FIRST_YEAR} to {LAST_YEAR}."
        raise argparse.ArgumentTypeError(wrong)
    return found


def run(args: argparse.Namespace, command: str) -> int:
    """Do *command*: exit status 0 whatever the answer is."""
    if command == "explain":
        print(render(read_document(args.document)), end="")
        return 0
    if args.out:
        check_new(args.out, args.replace)
    made = _decided(args)
    if args.out:
        write_whole(args.out, dumps(made))
    print(dumps(made) if args.json else render(made), end="")
    return 0


def _decided(args: argparse.Namespace) -> Document:
    given = _given(args)
    on = _day_of(args, given)
    given = {**given, "decision.date": on}
    _check_days(given, args.facts.name)
    force, rules, caveats = _rules(args, given, on)
    table = offences.published()
    facts = completing.complete(given, table, on, place=args.facts.name)
    if not caveats.trial:
        check_inside(facts, args.facts.name)
    return document(
        decide(facts, rules),
        force=force,
        on=on,
        known_on=args.known_on,
        made_by=f"amends {version()}",
        told=completing.told(given, facts, table, on),
        caveats=caveats,
    )


def _given(args: argparse.Namespace) -> dict[str, Any]:
    """The facts in the file, which may also be the document of an earlier decision.

    A document's force decides again, unless another is named.
    """
    path: Path = args.facts
    data = read_json(path)
    if isinstance(data, dict) and "format" in data and "facts" in data:
        args.force = args.force or data.get("force")
        data = data["facts"]
    elif isinstance(data, dict) and isinstance(data.get("facts"), dict):
        for name in sorted(set(data) - {"facts", "force"}):
            right = "Beside `facts` only `force` may stand; put it inside."
            raise FactError(f"{path.name}: {name}", "There is no such key.", right)
        data = {**{name: one for name, one in data.items() if name == "force"}, **data["facts"]}
    return catalogue().read(data, path.name)


def _day_of(args: argparse.Namespace, given: Facts) -> dt.date:
    said: dt.date | None = given.get("decision.date")
    if said and args.on and said != args.on:
        raise FactError(
            f"{args.facts.name}: decision.date", f"The case says {said}, and --on says {args.on}.",
            "Leave one of them out.",
        )  # fmt: skip
    return args.on or said or _today()


def _today() -> dt.date:
    return dt.datetime.now(tz=dt.UTC).astimezone().date()


def _check_days(given: Facts, place: str) -> None:
    offence, on = given.get("offence.date"), given["decision.date"]
    if offence and offence > on:
        wrong = f"The offence is of {offence}, after the decision of {on}."
        raise FactError(f"{place}: offence.date", wrong, "Correct one of the two days.")


# --- which rules judge ----------------------------------------------------------------------------


def _rules(
    args: argparse.Namespace, given: Facts, on: dt.date
) -> tuple[str | None, Ruleset, Caveats]:
    """The force, the rules, and what must be known of them: why it is only a trial, if it is."""
    if args.only:
        policy = _only(args)
        trial = [f"It is judged by {policy.id} alone, whatever else was in force."]
        force = args.force or given.get("force")
        named = published().named(force) if force else None
        return named, ruleset(policy), Caveats((*trial, *_drafts((policy,))))
    shelf = with_policies(published(), args.policy)
    own = [policy for policy in shelf.policies if policy.id not in published().by_id]
    force = shelf.named(_force(args, given, own))
    for id_ in args.draft:
        _check_draft(shelf.find(id_))
    rules = _in_force(shelf, force, on, args)
    _check_part(own, rules, force, args.draft)
    for id_ in args.draft:
        if shelf.find(id_) not in rules.policies:
            raise _no_part(shelf.find(id_), force, on)
    return force, rules, Caveats(_drafts(rules.policies), _notices(shelf, force, on, rules))


def _notices(shelf: Shelf, force: str, on: dt.date, rules: Ruleset) -> list[str]:
    found = []
    if on > _today():
        found.append("This day has not come yet: another policy may be in force by then.")
    if missing := shelf.not_held(force, rules):
        found.append(missing)
    return found


def _only(args: argparse.Namespace) -> Policy:
    if args.only in published().by_id:
        return published().find(args.only)
    if Path(args.only).exists():
        return accepted(Path(args.only), published())
    return with_policies(published(), args.policy).find(args.only)


def _force(args: argparse.Namespace, given: Facts, own: list[Policy]) -> str:
    """The force named, in the facts or by the scope of the only force policy of the user's own."""
    said: str | None = given.get("force")
    if said and args.force and published().named(said) != published().named(args.force):
        raise FactError(
            f"{args.facts.name}: force", f"The case says {said!r}, and --force {args.force!r}.",
            "Leave one of them out.",
        )  # fmt: skip
    scopes = {policy.scope for policy in own if policy.scope != NATIONAL}
    force = args.force or said or (scopes.pop() if len(scopes) == 1 else None)
    if force is None:
        raise FactError(
            args.facts.name, "No force is named.", "Write --force avon-and-somerset, for example."
        )
    return str(force)


def _in_force(shelf: Shelf, force: str, on: dt.date, args: argparse.Namespace) -> Ruleset:
    try:
        return shelf.in_force(force, on, args.known_on, args.draft)
    except NoPolicy as error:
        drafts = [
            policy.id
            for policy in shelf.policies
            if policy.draft and policy.scope in (NATIONAL, force) and policy.in_force_on(on)
        ]
        also = f" To try a draft, which is no decision: --draft {drafts[0]}." if drafts else ""
        raise NoPolicy(error.place, error.wrong, f"{error.right}{also}") from None


def _check_part(own: list[Policy], rules: Ruleset, force: str, drafts: list[str]) -> None:
    """Of the user's own policies, refuse a draft that is not asked for, and tell what is idle."""
    for policy in own:
        if policy.draft and policy.id not in drafts and policy.scope in (NATIONAL, force):
            raise _refusal(policy)
        if policy not in rules.policies and policy.id not in drafts:
            print(f"amends: note: {policy.id} takes no part: {_span(policy)}.", file=sys.stderr)


def _check_draft(policy: Policy) -> None:
    if not policy.draft:
        wrong = "It is not a draft."
        raise PolicyError(policy.id, wrong, f"Leave out --draft {policy.id}: it takes part anyhow.")


def _refusal(policy: Policy) -> PolicyError:
    wrong = "It is a draft, and a draft refuses to decide."
    return PolicyError(policy.id, wrong, f"To try it, which is no decision: --draft {policy.id}.")


def _no_part(policy: Policy, force: str, on: dt.date) -> PolicyError:
    wrong = f"The draft takes no part in a decision of {force} on {on}: {_span(policy)}."
    return PolicyError(policy.id, wrong, f"Try it by itself: --only {policy.id}.")


def _span(policy: Policy) -> str:
    ends = f"until {policy.ends}" if policy.ends else "and still in force"
    return (
        f"its scope is {policy.scope}, from {policy.starts} {ends}, known from {policy.known_from}"
    )


def _drafts(policies: tuple[Policy, ...]) -> list[str]:
    return [f"The draft {policy.id} took part." for policy in policies if policy.draft]

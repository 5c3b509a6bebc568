"""A user's own policies put on the shelf, and refused for whatever `amends check` calls an error."""

from collections.abc import Iterable, Iterator
from pathlib import Path

from amends.policy.checking import check_policy
from amends.policy.library import EXAMPLES, Shelf, read_policy, shelf
from amends.policy.problems import Problem, Severity
from amends.policy.rules import Policy, PolicyError
from amends.policy.tightening import check_overlay, check_shelf


def with_policies(base: Shelf, paths: Iterable[Path]) -> Shelf:
    """*base* and the policies in the TOML files *paths* (a folder means every policy in it).

    Raises PolicyError, naming the file and the place, where one cannot be read, holds what `check`
    calls an error, or has the id of another; and where a folder holds none.
    """
    own: dict[str, tuple[str, Policy]] = {}
    for path in dict.fromkeys(file for given in paths for file in _toml_files(given)):
        policy = read_policy(path)
        _check_id(policy, path, base, own)
        own[policy.id] = (path.name, policy)
    held = shelf((*base.policies, *(policy for _, policy in own.values())), base.forces)
    for name, policy in own.values():
        _refuse_errors(name, policy, held)
    return held


def accepted(path: Path, base: Shelf) -> Policy:
    """The policy in the file *path*, to be used by itself; it may be a new text of one of *base*.

    Raises PolicyError as `with_policies` does.
    """
    policy = read_policy(path)
    _refuse_errors(path.name, policy, with_new_text(policy, base))
    return policy


def with_new_text(policy: Policy, base: Shelf) -> Shelf:
    """*base* with *policy* in the place of the one that has its id, or added to it."""
    others = (one for one in base.policies if one.id != policy.id)
    return shelf((*others, policy), base.forces)


def problems_of(policy: Policy, held: Shelf) -> list[Problem]:
    """Everything wrong with *policy* by itself and as one of those *held*."""
    on_shelf = [
        problem
        for problem in check_shelf(held)
        if policy.id in problem.place or policy.series == problem.place
    ]
    return [*check_policy(policy), *check_overlay(policy, held), *on_shelf]


def _refuse_errors(name: str, policy: Policy, held: Shelf) -> None:
    found = [p for p in problems_of(policy, held) if p.severity is Severity.ERROR]
    if not found:
        return
    first, more = found[0], len(found) - 1
    also = f" And {more} more: `amends check {name}` lists them." if more else ""
    raise PolicyError(f"{name}: {first.place}", first.wrong, f"{first.right}{also}".strip())


def _check_id(policy: Policy, path: Path, base: Shelf, own: dict[str, tuple[str, Policy]]) -> None:
    place = f"{path.name}: id"
    if policy.id in base.by_id:
        wrong = f"{policy.id} is the id of a policy that ships with Amends."
        right = (
            f"Give yours its own, such as {policy.id}-b, and a series of its own unless it is a "
            "later version of that text; --only tries it by itself."
        )
        raise PolicyError(place, wrong, right)
    if policy.id in own:
        wrong = f"Two policies have the id {policy.id}: {own[policy.id][0]} has it too."
        raise PolicyError(place, wrong, "An id names one text. Change one of them.")


def _toml_files(path: Path) -> Iterator[Path]:
    if not path.is_dir():
        yield path
        return
    found = [p for p in sorted(path.glob("*.toml")) if not p.name.endswith(EXAMPLES)]
    if not found:
        raise PolicyError(str(path), "The folder holds no policy.", "A policy is a file NAME.toml.")
    yield from found

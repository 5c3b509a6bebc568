"""The one way to change anything: allowed, once, on what was last seen, in one transaction, in the ledger.

    @action("cases.close")
    def close(by, case, *, outcome): ...

    close(by, case, key="...", expected=case.version, outcome="8")

What an action changes, its entry in the ledger and the note that it was done are committed together or
not at all. Where two actions conflict one of them is done again on what the other left (PostgreSQL:
serializable; SQLite: one writer at a time).
"""

import hashlib
import json
import random
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from functools import wraps
from typing import Any, Concatenate, Final, ParamSpec, Protocol, TypeVar, cast

from django.db import DatabaseError, connection, models, transaction

from amends.accounts.models import Done, User
from amends.accounts.permissions import NOWHERE, check, table
from amends.accounts.refusals import NothingRecorded, Refused, Stale
from amends.accounts.standing import standing
from amends.ledger import book

MOST_TRIES: Final = 12
"""Times that an action is begun again because another was faster."""
MOST_TWICE: Final = 2
"""Times that it is begun again because a row was there already."""
LONGEST_KEY: Final = 100
ACTIONS: Final[dict[str, Callable[..., Any]]] = {}
"""Every action by its name in the permission table."""


class Target(Protocol):
    """What an action is done to: a row with a version that every action raises by one."""

    pk: Any
    version: int

    def relations_of(self, user: User) -> frozenset[str]:
        """The relations of the permission table in which *user* stands to it."""

    def changes_since(self, version: int) -> list[str]:
        """What was done to it since *version*, in words, for somebody whose edit came too late."""


P = ParamSpec("P")
T = TypeVar("T", bound=Target)
R = TypeVar("R", bound=models.Model)


T_contra = TypeVar("T_contra", bound=Target, contravariant=True)


class Performed(Protocol[T_contra]):
    """An action as it is called."""

    def __call__(
        self, by: User, target: T_contra, /, *, key: str, expected: int, **given: Any
    ) -> Any:
        """Do it: *key* names the request, *expected* the version that *by* saw."""


def action(name: str) -> Callable[[Callable[Concatenate[User, T, P], R]], Performed[T]]:
    """Make the decorated function the action *name*. KeyError where the permission table has no such."""
    _ = table().actions[name]

    def wrap(body: Callable[Concatenate[User, T, P], R]) -> Performed[T]:
        @wraps(body)
        def perform(by: User, target: T, /, *, key: str, expected: int, **given: Any) -> R:
            def once() -> R:
                row = _locked(target)
                _allowed(by, name, row)
                if row.version != expected:
                    raise Stale(row.changes_since(expected))
                before = book.entered()
                result = cast(Callable[..., R], body)(by, row, **given)
                if book.entered() == before:
                    raise NothingRecorded(f"{name} wrote nothing in the ledger.")
                row.version = expected + 1
                cast(models.Model, row).save(update_fields=["version"])
                return result

            told = {"target": str(target.pk), "expected": expected, **given}
            place = f"{cast(models.Model, target)._meta.label}:{target.pk}"
            return retried(lambda: _first_time(by, name, key, told, once), alone=place)

        ACTIONS[name] = perform
        return cast(Performed[T], perform)

    return wrap


def opening(by: User, name: str, key: str, given: Mapping[str, Any], body: Callable[[], R]) -> R:
    """Do *body*, an action that makes a row rather than changes one: it has no version to expect.

    *given* is what was asked for, so that the same key is not taken for another request. The permission
    is checked by *body* or before.
    """

    def once() -> R:
        before = book.entered()
        result = body()
        if book.entered() == before:
            raise NothingRecorded(f"{name} wrote nothing in the ledger.")
        return result

    return retried(lambda: _first_time(by, name, key, given, once))


def _locked(target: T) -> T:
    """*target* as it is now, which nobody else changes until this transaction ends."""
    rows = cast(Any, type(target))._default_manager.select_for_update()
    try:
        return cast(T, rows.get(pk=target.pk))
    except cast(Any, type(target)).DoesNotExist:
        raise Refused("ACT-NONE", NOWHERE) from None


def _allowed(by: User, name: str, row: Target) -> None:
    check(standing(by).roles, name, row.relations_of(by))


def _first_time(
    by: User, name: str, key: str, given: Mapping[str, Any], once: Callable[[], R]
) -> R:
    """What *once* gives; or what it gave, where the request *key* was done before."""
    if not key or len(key) > LONGEST_KEY or not key.isprintable():
        raise Refused("ACT-KEY", "The form was sent without its key. Load the page again.")
    digest = _digest(name, given)
    done = Done.objects.filter(by=by, key=key).first()
    if done is not None:
        if done.digest != digest:
            raise Refused(
                "ACT-KEY", "This form was sent before with other answers. Load the page again."
            )
        return cast(R, _found(done.result))
    result = once()
    place = f"{result._meta.label}:{result.pk}"
    Done.objects.create(by=by, key=key, action=name, digest=digest, result=place)
    return result


def _digest(name: str, given: Mapping[str, Any]) -> str:
    text = json.dumps([name, given], sort_keys=True, default=_as_text)
    return hashlib.sha256(text.encode()).hexdigest()


def _as_text(value: Any) -> str:
    return f"{value._meta.label}:{value.pk}" if isinstance(value, models.Model) else repr(value)


def _found(place: str) -> models.Model:
    from django.apps import apps  # noqa: PLC0415 (the registry is full only when the service runs)

    label, _, pk = place.rpartition(":")
    return cast(models.Model, apps.get_model(label)._default_manager.get(pk=pk))


# --- transactions -----------------------------------------------------------------------------------


def retried(once: Callable[[], R], *, alone: str = "") -> R:
    """What *once* gives in a transaction of its own, begun again where another one was faster.

    Those that name the same thing *alone* take turns, so that none of them has to begin again for another.
    """
    for number in range(MOST_TRIES):
        try:
            with _turn(alone), transaction.atomic():
                _strictest()
                return once()
        except DatabaseError as error:
            if connection.in_atomic_block or not lost_race(error, number):
                raise
            time.sleep(random.uniform(0, 0.01 * 2 ** min(number, 6)))
    raise AssertionError("every try either returns or raises")


@contextmanager
def _turn(alone: str) -> Iterator[None]:
    """Wait for one's turn at the thing *alone*.

    PostgreSQL refuses a serializable transaction that waited for a row inside it: so it waits outside.
    SQLite has one writer at a time as it is.
    """
    if not alone or connection.vendor != "postgresql" or connection.in_atomic_block:
        yield
        return
    number = int.from_bytes(hashlib.sha256(alone.encode()).digest()[:8], "big", signed=True)
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_lock(%s)", [number])
    try:
        yield
    finally:
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_unlock(%s)", [number])


def _strictest() -> None:
    """Make this transaction one that behaves as if it ran alone, where it is the outermost."""
    if connection.vendor == "postgresql" and len(connection.savepoint_ids) == 0:
        with connection.cursor() as cursor:
            cursor.execute("SET TRANSACTION ISOLATION LEVEL SERIALIZABLE")


def lost_race(error: DatabaseError, number: int = 0) -> bool:
    """Whether *error*, met at try *number* from 0, only says that another transaction was faster.

    A row that is there twice may be one that the other has just made: begun again, the action sees it,
    and says so in words. Met a third time it is a fault.
    """
    if number >= MOST_TRIES - 1:
        return False
    state = getattr(error.__cause__, "sqlstate", None)
    if state == "23505" or (state is None and "UNIQUE constraint failed" in str(error)):
        return number < MOST_TWICE
    return state in ("40001", "40P01") or (state is None and "database is locked" in str(error))

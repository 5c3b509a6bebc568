"""A register that is in use is taken along when its tables change, and its guards with it."""

import datetime as dt

import pytest
from django.db import DatabaseError, connection, transaction
from django.db.migrations.executor import MigrationExecutor

from amends.accounts.standing import today
from amends.openness.register import queries
from amends.openness.register.models import RequestEvent
from amends.openness.register_queue import DUE, place
from support.record import Crew, person

DRAFT = {"holding": "held", "title": "T", "restated": "R", "letter": "L", "folder": ""}


def before(name):
    """The tables as they were after the migration *name*."""
    MigrationExecutor(connection).migrate([("register", name)])
    return MigrationExecutor(connection).loader.project_state([("register", name)]).apps


@pytest.mark.django_db(transaction=True)
def test_what_waits_to_be_taken_back_is_lifted_and_nothing_else_moves():
    crew = Crew()
    officer = person(crew.force, "disclosure_officer")
    second = crew.inspector
    old = before("0006_withdrawal")
    try:
        for number, ends in enumerate((("withdrawal asked", officer), ("published", officer)), 1):
            row = old.get_model("register", "Request").objects.create(
                force_id=crew.force.pk, by_id=officer.pk, reference=f"FOI-2026-000{number}",
                received=today() - dt.timedelta(9), channel="email", rank=2, version=7,
            )  # fmt: skip
            told = [
                ("received", officer, {}), ("drafted", officer, DRAFT), ("cleared", officer, {}),
                ("cleared", second, {}), ("sent", officer, {"how": "email"}), ("published", officer, {}),
            ]  # fmt: skip
            if ends[0] == "withdrawal asked":
                told.append(
                    (ends[0], officer, {"entry": row.reference, "number": 1, "reason": "x"})
                )
            for version, (kind, by, data) in enumerate(told, 1):
                old.get_model("register", "RequestEvent").objects.create(
                    request=row, by_id=by.pk, version=version, kind=kind, data=data,
                    on=today() - dt.timedelta(9 - version),
                )  # fmt: skip
    finally:
        executor = MigrationExecutor(connection)
        executor.migrate(executor.loader.graph.leaf_nodes())
    first, rest = queries.queue(officer)
    assert (first.row.reference, rest.row.reference) == ("FOI-2026-0001", "FOI-2026-0002")
    assert first.row.rank == DUE
    for one in (first, rest):
        assert (one.row.rank, one.row.due) == place(one.life)
    with pytest.raises(DatabaseError, match="never changed"), transaction.atomic():
        RequestEvent.objects.update(kind="sent")

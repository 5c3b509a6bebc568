"""Who looked at what: nothing is lost on the way into the month's tree, and a change is seen."""

import datetime as dt
import threading

import pytest

from amends.ledger.leaves import LeafError
from amends.ledger.looking import SPOOL, altered, dispose, gather, looked, published
from amends.ledger.models import Entry, Look
from amends.ledger.sequencing import Behind, WillNotSign

MARCH = dt.datetime(2026, 3, 31, 23, 59, 59, tzinfo=dt.UTC)
APRIL = dt.datetime(2026, 4, 1, tzinfo=dt.UTC)
LOOK = {"force": "invented", "by": "p-1", "what": "case INV/1", "why": "supervision"}


def test_a_look_takes_no_query_and_is_gathered_into_its_months_tree(
    db, folder, key, django_assert_num_queries
):
    with django_assert_num_queries(0):
        marks = [looked(folder, **LOOK, at=at) for at in (MARCH, APRIL, APRIL)]
    assert gather(folder, key) == 3
    assert gather(folder, key) == 0
    assert {look.mark for look in Look.objects.all()} == set(marks)
    for month, size in (("2026-03", 1), ("2026-04", 2)):
        head = published(folder, month).checkpoint(key.verifier)
        assert (head.origin, head.size) == (f"{key.name}/looks/{month}", size)
        assert altered(folder, key.verifier, month) == []


def test_looks_of_many_threads_while_they_are_gathered_are_all_there_once(db, folder, key):
    marks: list = []

    def many():
        for _ in range(200):
            marks.append(looked(folder, **LOOK, at=APRIL))  # noqa: PERF401 - one by one

    threads = [threading.Thread(target=many) for _ in range(4)]
    for one in threads:
        one.start()
    taken = 0
    while any(one.is_alive() for one in threads):
        taken += gather(folder, key)
    taken += gather(folder, key)
    assert taken == len(marks) == 800
    assert {look.mark for look in Look.objects.all()} == set(marks)
    assert altered(folder, key.verifier, "2026-04") == []


@pytest.mark.parametrize("step", ["Published.publish", "Published.extend", "Path.unlink"])
def test_a_run_that_was_cut_short_is_finished_by_the_next(db, folder, key, monkeypatch, step):
    looked(folder, **LOOK, at=APRIL)
    with monkeypatch.context() as patched:
        patched.setattr(f"amends.ledger.looking.{step}", crash)
        with pytest.raises(MemoryError):
            gather(folder, key)
    looked(folder, **LOOK, at=APRIL)
    gather(folder, key)
    assert Look.objects.count() == 2
    assert published(folder, "2026-04").checkpoint(key.verifier).size == 2
    assert altered(folder, key.verifier, "2026-04") == []


def crash(*_, **__):
    raise MemoryError


def test_a_look_that_was_changed_or_taken_out_is_located(db, folder, key):
    for _ in range(300):
        looked(folder, **LOOK, at=APRIL)
    gather(folder, key)
    Look.objects.filter(index=7).update(by="p-other")
    Look.objects.filter(index=200).delete()
    assert altered(folder, key.verifier, "2026-04") == [7, 200]
    Look.objects.filter(index__gte=290).delete()
    looked(folder, **LOOK, at=APRIL)
    with pytest.raises(Behind):
        gather(folder, key)


def test_a_line_cut_short_spoils_no_other_and_is_told(db, folder, key):
    looked(folder, **LOOK, at=APRIL)
    path = folder / SPOOL
    path.write_bytes(path.read_bytes() + b'\n{"mark": "12')
    looked(folder, **LOOK, at=APRIL)
    with pytest.raises(WillNotSign, match="cannot be read"):
        gather(folder, key)
    (taken,) = (folder / "looks").glob("taken-*")
    lines = [line for line in taken.read_bytes().splitlines() if not line.endswith(b'"12')]
    taken.write_bytes(b"\n".join(lines))
    assert gather(folder, key) == 2


def test_a_look_that_cannot_be_written_is_an_error(folder, monkeypatch):
    monkeypatch.setattr("amends.ledger.looking.os.write", lambda *_: 3)
    with pytest.raises(OSError, match="disk full"):
        looked(folder, **LOOK)
    for wrong in ({"what": ""}, {"why": "x" * 201}, {"by": "a\0"}):
        with pytest.raises(LeafError):
            looked(folder, **{**LOOK, **wrong})


def test_a_month_whose_time_is_over_is_disposed_of_and_that_is_recorded(db, folder, key):
    looked(folder, **LOOK, at=MARCH)
    looked(folder, **LOOK, at=APRIL)
    gather(folder, key)
    dispose("2026-03", force="invented", by="p-records")
    assert [look.month for look in Look.objects.all()] == ["2026-04"]
    assert Entry.objects.get().kind == "ledger.looks-disposed"
    assert gather(folder, key) == 0
    with pytest.raises(LeafError, match="no looks"):
        dispose("2026-03", force="invented", by="p-records")


def test_a_head_that_was_not_published_is_published_by_the_next_run(db, folder, key, monkeypatch):
    looked(folder, **LOOK, at=APRIL)
    with monkeypatch.context() as patched:
        patched.setattr("amends.ledger.looking.Published.publish", crash)
        with pytest.raises(MemoryError):
            gather(folder, key)
    assert gather(folder, key) == 0
    assert published(folder, "2026-04").checkpoint(key.verifier).size == 1


def test_a_look_whose_file_is_taken_in_while_it_waits_goes_to_the_next(folder, monkeypatch):
    import fcntl

    taken = folder / "looks/taken-meanwhile"
    real = fcntl.flock

    def late(handle, how):
        if not taken.exists():
            (folder / SPOOL).rename(taken)
        real(handle, how)

    monkeypatch.setattr("amends.ledger.looking.fcntl.flock", late)
    mark = looked(folder, **LOOK, at=APRIL)
    assert taken.read_bytes() == b""
    assert mark.hex in (folder / SPOOL).read_text()

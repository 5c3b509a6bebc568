"""One at a time in a folder: whoever comes second is told, and a process that dies leaves no lock."""

import subprocess
import sys

import pytest

from amends.disclosure.alone import alone


class Busy(Exception):
    """Somebody is in the folder."""


def test_the_second_is_told_and_the_next_may_go_in(tmp_path):
    with alone(tmp_path, Busy()):
        with pytest.raises(Busy), alone(tmp_path, Busy()):
            pytest.fail("two at once")
        (tmp_path / "other").mkdir()
        with alone(tmp_path / "other", Busy()):
            pass
    with alone(tmp_path, Busy()):
        pass


def test_an_error_inside_leaves_no_lock(tmp_path):
    with pytest.raises(KeyError), alone(tmp_path, Busy()):
        raise KeyError
    with alone(tmp_path, Busy()):
        pass


def test_a_process_that_dies_leaves_no_lock(tmp_path):
    code = (
        "import os, sys; from pathlib import Path; from amends.disclosure.alone import alone; "
        "alone(Path(sys.argv[1]), Exception()).__enter__(); os._exit(9)"
    )
    assert subprocess.run([sys.executable, "-c", code, tmp_path], check=False).returncode == 9
    with alone(tmp_path, Busy()):
        pass

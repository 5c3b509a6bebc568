"""The units of systemd, and the commands that the page on deploying has somebody type."""

from configparser import RawConfigParser
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
KEY = "/srv/amends/ledger.key"
UNITS = sorted((ROOT / "deploy").glob("*.service"))


def service(unit):
    read = RawConfigParser(strict=False)
    read.optionxform = str
    read.read(unit, "utf-8")
    return read["Service"]


@pytest.mark.parametrize("unit", UNITS, ids=lambda unit: unit.stem)
def test_only_what_signs_the_ledger_can_read_its_key(unit):
    told = service(unit)
    signs = "ledger sequence" in told["ExecStart"]
    assert signs == (KEY in told["ExecStart"])
    assert signs != (f"-{KEY}" in told.get("InaccessiblePaths", "").split())


def test_one_unit_signs_and_the_others_are_found():
    assert len(UNITS) == 3
    assert sum("ledger sequence" in service(unit)["ExecStart"] for unit in UNITS) == 1

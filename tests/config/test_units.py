"""The units of systemd, and the commands that the page on deploying has somebody type."""

from configparser import RawConfigParser
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
KEY = "/srv/amends/ledger.key"
PAGE = (ROOT / "docs" / "how-to" / "deploy.md").read_text("utf-8")
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


def test_no_setting_stands_on_a_command_line():
    assert "env $(" not in PAGE
    assert "EnvironmentFile=/etc/amends.env" in PAGE
    for told in ("amends migrate", "amends accounts first", "check --deploy", "ledger verify"):
        lines = [line for line in PAGE.splitlines() if f" {told}" in line or f"/{told}" in line]
        assert lines, told
        assert all(line.strip().startswith("as_amends /") or "-E DJANGO" in line for line in lines)


def test_the_ledger_is_verified_with_a_key():
    assert PAGE.count("ledger verify") == PAGE.count("ledger verify --key") == 1

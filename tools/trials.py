"""Which test runs which line, and whether the tests notice a mutation: each tried in a process of its own."""

import compileall
import functools
import gc
import os
import pickle
import resource
import shutil
import signal
import sys
import time
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from importlib import import_module
from pathlib import Path, PurePosixPath
from py_compile import PycInvalidationMode
from typing import Any

import coverage
import hypothesis
import pytest

from mutations import Mutation

ROOT = Path(__file__).parents[1]
SOURCE = ROOT / "src" / "amends"
SECONDS = 10
"""Processor time that the tests of a mutation may take, beside what they took before, at most."""
TIMES = 5
"""How many times longer than before they may take."""
MEMORY = 4 * 2**30
NO_TESTS = int(pytest.ExitCode.NO_TESTS_COLLECTED)


@dataclass(frozen=True, slots=True)
class Reach:
    """Which tests run which line, and how long each takes.

    `contexts` says who ran a line: a test, a file of tests when it was read, the import of the
    module (""), or a value that is kept for all. `tests_of` are the tests that need each of these.
    """

    seconds: dict[str, float]
    contexts: dict[str, dict[int, set[str]]]
    tests_of: dict[str, set[str]]

    def stages(self, mutation: Mutation) -> list[list[str]]:
        """The tests that could notice *mutation*: those most likely to, then all others."""
        held = self.contexts.get(str(mutation.file), {})
        lines = range(mutation.line, mutation.last + 1)
        near = {one for line in lines for one in held.get(line, ())}
        far = {one for found in held.values() for one in found}
        everyone = mutation.at_import or "" in near
        chosen = self._tests(far if everyone else near)
        stem = mutation.file.stem
        files: dict[str, list[str]] = defaultdict(list)
        for test in sorted(chosen, key=lambda one: (self.seconds[one], one)):
            files[test.partition("::")[0]].append(test)
        direct = self._tests(near)

        def likely(file: str) -> tuple[bool, bool, float]:
            tests = files[file]
            return stem not in file, direct.isdisjoint(tests), sum(map(self.seconds.get, tests))

        order = sorted(files, key=likely)
        rest = [test for file in order[1:] for test in files[file]]
        return [tests for tests in (files[order[0]] if order else [], rest) if tests]

    def _tests(self, contexts: Iterable[str]) -> set[str]:
        return set().union(*(self.tests_of.get(one, ()) for one in contexts if one))


# --- before any mutation --------------------------------------------------------------------------


class _Watch:
    """A plug-in of pytest that tells coverage which test is running.

    What is kept for later (`cache`, a fixture of a whole file) is run once, but every test that
    uses it depends on its lines: it has a context of its own, and `uses` says who needed it.
    """

    def __init__(self, measured: coverage.Coverage) -> None:
        self.measured = measured
        self.now = ""
        self.seconds: dict[str, float] = {}
        self.uses: dict[str, set[str]] = defaultdict(set)
        self.kept = 0

    def under(self, context: str, run: Callable[[], Any]) -> Any:
        outer, self.now = self.now, context
        self.measured.switch_context(context)
        try:
            return run()
        finally:
            self.now = outer
            self.measured.switch_context(outer)

    def keep(self, held: dict[Any, Any], key: Any, run: Callable[[], Any]) -> Any:
        if key not in held:
            self.kept += 1
            context = f"kept {self.kept}"
            held[key] = self.under(context, run), context
        value, context = held[key]
        self.uses[self.now].add(context)
        return value

    def cache(self, function: Callable[..., Any]) -> Callable[..., Any]:
        held: dict[Any, Any] = {}

        @functools.wraps(function)
        def kept(*args: Any, **named: Any) -> Any:
            key = (args, tuple(named.items()))
            return self.keep(held, key, lambda: function(*args, **named))

        kept.cache_clear = held.clear  # type: ignore[attr-defined]
        return kept

    @pytest.hookimpl(wrapper=True)
    def pytest_make_collect_report(self, collector: pytest.Collector) -> Iterator[None]:
        outer, self.now = self.now, collector.nodeid
        self.measured.switch_context(self.now)
        result = yield
        self.now = outer
        self.measured.switch_context(outer)
        return result

    @pytest.hookimpl(wrapper=True)
    def pytest_runtest_protocol(self, item: pytest.Item) -> Iterator[None]:
        self.now, start = item.nodeid, time.perf_counter()
        self.measured.switch_context(self.now)
        result = yield
        self.seconds[item.nodeid] = time.perf_counter() - start
        self.now = ""
        self.measured.switch_context("")
        return result

    @pytest.hookimpl(wrapper=True)
    def pytest_fixture_setup(self, fixturedef: Any, request: Any) -> Iterator[None]:
        outer, self.now = self.now, self.now
        if fixturedef.scope != "function":
            self.now = request.node.nodeid
        self.measured.switch_context(self.now)
        result = yield
        self.now = outer
        self.measured.switch_context(outer)
        return result

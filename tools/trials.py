"""Which test runs which line, and whether the tests notice a mutation: each tried in its own process."""

import compileall
import contextlib
import functools
import gc
import os
import pickle
import resource
import shutil
import sys
import time
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from importlib import import_module
from pathlib import Path
from py_compile import PycInvalidationMode
from typing import Any

import coverage
import hypothesis
import pytest
from mutations import Mutation

ROOT = Path(__file__).parents[1]
SOURCE = ROOT / "src" / "amends"
SECONDS = 10
"""Processor time that the tests of one mutation may take, beside what they took before."""
TIMES = 5
"""How many times longer than before they may take."""
MEMORY = 6 * 2**30
"""Bytes that they may take."""
CLEAN = "clean"
"""The name of the copy in which nothing is changed."""
BROKEN = 99
"""How the process of a trial ends that could not be made."""

# ---- which test runs which line --------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Reach:
    """Which tests run which line, and how long each takes.

    `contexts` says who ran a line of a file: a test, the reading of a file of tests, a value kept
    for later, or "" for the import of the module. `tests_of` are the tests that need each of these.
    """

    seconds: dict[str, float]
    contexts: dict[str, dict[int, set[str]]]
    tests_of: dict[str, set[str]]
    modules: list[str]

    def stages(self, mutation: Mutation) -> list[list[str]]:
        """The tests that could notice *mutation*: those of the likeliest file, then all others.

        What runs when the module is imported may matter to any test, whatever lines it runs.
        """
        held = self.contexts.get(str(mutation.file), {})
        lines = range(mutation.line, mutation.last + 1)
        near = set().union(*(held.get(line, ()) for line in lines))
        direct = self._tests(near)
        anywhere = self._tests(set().union(*held.values()))
        chosen = set(self.seconds) if mutation.at_import or "" in near else direct
        files: dict[str, list[str]] = defaultdict(list)
        for test in sorted(chosen, key=lambda one: (one not in direct, self.seconds[one], one)):
            files[test.partition("::")[0]].append(test)

        def likely(file: str) -> tuple[int, int, bool]:
            tests = set(files[file])
            return -len(tests & direct), -len(tests & anywhere), mutation.file.stem not in file

        first, *others = sorted(files, key=likely) or [""]
        rest = [test for file in others for test in files[file]]
        return [tests for tests in (files[first], rest) if tests]

    def _tests(self, contexts: Iterable[str]) -> set[str]:
        return set().union(*(self.tests_of.get(one, ()) for one in contexts))


class _Watch:
    """A plug-in of pytest that tells coverage which test is running.

    What is kept for later (`@cache`, a fixture of a whole file) runs once, and yet every test that
    uses it needs its lines: it is a context of its own, and `uses` says who needs it.
    """

    def __init__(self, measured: coverage.Coverage) -> None:
        self.measured = measured
        self.now = ""
        self.seconds: dict[str, float] = {}
        self.uses: dict[str, set[str]] = defaultdict(set)

    @contextlib.contextmanager
    def under(self, context: str) -> Iterator[None]:
        outer, self.now = self.now, context
        self.measured.switch_context(context)
        try:
            yield
        finally:
            self.now = outer
            self.measured.switch_context(outer)

    def keep(self, held: dict[Any, Any], key: Any, work: Callable[[], Any]) -> Any:
        if key not in held:
            context = f"kept {len(self.uses)} {time.perf_counter_ns()}"
            with self.under(context):
                held[key] = work(), context
        value, context = held[key]
        self.uses[self.now].add(context)
        return value

    def cache(self, work: Callable[..., Any]) -> Callable[..., Any]:
        held: dict[Any, Any] = {}

        @functools.wraps(work)
        def kept(*args: Any, **named: Any) -> Any:
            key = (args, tuple(named.items()))
            return self.keep(held, key, lambda: work(*args, **named))

        kept.cache_clear = held.clear
        return kept

    def property(self) -> type:
        watch = self

        class Kept(functools.cached_property):
            def __get__(self, of: Any, owner: Any = None) -> Any:
                if of is None:
                    return self
                held = of.__dict__.setdefault("_kept", {})
                return watch.keep(held, self.attrname, lambda: self.func(of))

        return Kept

    @pytest.hookimpl(wrapper=True)
    def pytest_make_collect_report(self, collector: pytest.Collector) -> Iterator[None]:
        with self.under(collector.nodeid):
            return (yield)

    @pytest.hookimpl(wrapper=True)
    def pytest_fixture_setup(self, fixturedef: Any, request: Any) -> Iterator[None]:
        with self.under(self.now if fixturedef.scope == "function" else request.node.nodeid):
            return (yield)

    @pytest.hookimpl(wrapper=True)
    def pytest_runtest_protocol(self, item: pytest.Item) -> Iterator[None]:
        start = time.perf_counter()
        with self.under(item.nodeid):
            result = yield
        self.seconds[item.nodeid] = time.perf_counter() - start
        return result

    def needed(self) -> dict[str, set[str]]:
        """The tests that need each context: their own, their file's, and what is kept."""
        tests_of: dict[str, set[str]] = defaultdict(set)
        for test in self.seconds:
            parts = test.split("::")
            seen = {"::".join(parts[:n]) for n in range(1, len(parts) + 1)} | {test}
            todo = list(seen)
            while todo:
                more = self.uses.get(todo.pop(), set()) - seen
                seen |= more
                todo += more
            for context in seen:
                tests_of[context].add(test)
        return tests_of


def watch(home: Path, files: Iterable[Path], tests: list[str]) -> Reach | str:
    """Run the *tests* on the code as it is; what they reach, or what they say where they fail."""
    told, copy = home / "reach", home / CLEAN
    if not (pid := os.fork()):
        _settle(copy, home / "told")
        os._exit(_watched(copy, files, tests, told))
    _, status = os.waitpid(pid, 0)
    if status:
        return (home / "told").read_text("utf-8", "replace")
    reach: Reach = pickle.loads(told.read_bytes())
    for name in reach.modules:
        with contextlib.suppress(ImportError):
            import_module(name)  # so that no trial need do it again
    gc.freeze()
    return reach


def _watched(copy: Path, files: Iterable[Path], tests: list[str], told: Path) -> int:
    measured = coverage.Coverage(
        data_file=None, config_file=False, include=[f"{copy}/amends/{file}" for file in files]
    )
    plugin = _Watch(measured)
    functools.cache, functools.cached_property = plugin.cache, plugin.property()
    before = set(sys.modules)
    measured.start()
    for file in files:
        import_module(".".join(("amends", *file.with_suffix("").parts)).removesuffix(".__init__"))
    code = pytest.main([*_QUIET, *tests], plugins=[plugin])
    measured.stop()
    data = measured.get_data()
    contexts = {}
    for file in files:
        found = data.contexts_by_lineno(f"{copy}/amends/{file}")
        contexts[str(file)] = {line: set(names) for line, names in found.items()}
    modules = [m for m in set(sys.modules) - before if m.partition(".")[0] in _WARM]
    found = Reach(plugin.seconds, contexts, plugin.needed(), sorted(modules))
    told.write_bytes(pickle.dumps(found))
    return int(code)


# ---- one mutation ----------------------------------------------------------------------------

_QUIET = (
    *("-q", "-x", "--tb=short", "--assert=plain", "-p", "no:cacheprovider"),
    *("-p", "_hypothesis_pytestplugin", "--hypothesis-seed=0"),
    # The settings of Django's plugin, which is not wanted here, are strange to pytest without it.
    *("-o", "addopts=--import-mode=importlib"),
)
_WARM = sys.stdlib_module_names | {"duckdb", "hypothesis", "numpy", "rich", "sqlglot"}


class _Chosen:
    """A plug-in of pytest that runs only some tests, in a given order, and any that are new."""

    def __init__(self, tests: list[str], known: Iterable[str]) -> None:
        self.place = {test: n for n, test in enumerate(tests)}
        self.known = known

    def pytest_collection_modifyitems(self, items: list[pytest.Item]) -> None:
        kept = [i for i in items if i.nodeid in self.place or i.nodeid not in self.known]
        items[:] = sorted(kept, key=lambda item: self.place.get(item.nodeid, -1))


def prepare(home: Path, slots: int) -> None:
    """A copy of the package as it is, and one for each of the *slots* that work at once."""
    os.environ.update(PYTHONDONTWRITEBYTECODE="1", PYTEST_DISABLE_PLUGIN_AUTOLOAD="1")
    hypothesis.settings.register_profile(
        "mutants",
        database=None,
        deadline=None,
        phases=(hypothesis.Phase.explicit, hypothesis.Phase.generate),
        suppress_health_check=list(hypothesis.HealthCheck),
    )
    hypothesis.settings.load_profile("mutants")
    sys.pycache_prefix = str(home / "compiled")
    for name in (CLEAN, *map(str, range(slots))):
        copy = home / name / "amends"
        whole = home / CLEAN / "amends" if name != CLEAN else SOURCE
        shutil.copytree(whole, copy, ignore=shutil.ignore_patterns("__pycache__"))
        compileall.compile_dir(copy, quiet=2, invalidation_mode=PycInvalidationMode.CHECKED_HASH)


def start(copy: Path, mutation: Mutation, reach: Reach) -> tuple[int, float]:
    """Begin to try *mutation*, made in *copy*: the process, and the seconds it may last at most.

    The process ends with 0 where every test passes, and with BROKEN where it could not be tried.
    """
    stages = reach.stages(mutation)
    limits = [SECONDS + TIMES * sum(map(reach.seconds.__getitem__, tests)) for tests in stages]
    if not (pid := os.fork()):
        code = BROKEN
        try:
            _settle(copy, Path(os.devnull))
            code = _noticed(stages, limits, reach)
        finally:
            os._exit(code)
    return pid, 3 * sum(limits) + 60


def _noticed(stages: list[list[str]], limits: list[float], reach: Reach) -> int:
    sys.dont_write_bytecode = True
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    for tests, limit in zip(stages, limits, strict=True):
        until = int(time.process_time() + limit) + 1
        resource.setrlimit(resource.RLIMIT_CPU, (until, resource.RLIM_INFINITY))
        files = list(dict.fromkeys(test.partition("::")[0] for test in tests))
        code = pytest.main([*_QUIET, *files], plugins=[_Chosen(tests, reach.seconds)])
        if code == pytest.ExitCode.USAGE_ERROR:
            return BROKEN
        if code not in (pytest.ExitCode.OK, pytest.ExitCode.NO_TESTS_COLLECTED):
            return int(code)
    return 0


def _settle(copy: Path, told: Path) -> None:
    """Make this process one that only runs tests, on the package in *copy*."""
    os.setsid()
    os.chdir(ROOT)
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    with told.open("wb") as stream:
        os.dup2(stream.fileno(), 1)
        os.dup2(stream.fileno(), 2)
    sys.path.insert(0, str(copy))
    os.environ["PYTHONPATH"] = str(copy)

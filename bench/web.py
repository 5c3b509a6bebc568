"""What the pages cost at 20,000 cases: processor time against an empty page, and an open loop of requests.

    python bench/web.py [--cases 20000] [--rate 60] [--seconds 30]

On a SQLite of its own in a folder that is gone afterwards. Goals (issue 4): a page costs at most 30 times an
empty one through the same middleware; at 60 requests a second on two processors, 95 of 100 within 250 ms,
and no errors. Printed, never asserted.
"""

import argparse
import os
import statistics
import subprocess
import sys
import tempfile
import threading
import time
import urllib.request
from concurrent.futures import ThreadPoolExecutor
from typing import Any

PORT = 8477


def main() -> int:
    """Measure, and print."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--cases", type=int, default=20_000)
    parser.add_argument("--rate", type=int, default=60)
    parser.add_argument("--seconds", type=int, default=30)
    asked = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="amends-bench-") as folder:
        os.environ |= {"AMENDS_FOLDER": folder, "DJANGO_SETTINGS_MODULE": "amends.config.settings"}
        os.environ["AMENDS_SECRET_KEY"] = "bench" * 12
        run = [sys.executable, "-m", "amends"]
        subprocess.run(
            [*run, "populate", "--rows", str(asked.cases)], check=True, stdout=subprocess.DEVNULL
        )
        import django  # noqa: PLC0415 (after the settings)

        django.setup()
        from django.conf import settings  # noqa: PLC0415 (after the settings)
        from django.core.management import call_command  # noqa: PLC0415 (after the settings)

        settings.ALLOWED_HOSTS = ["*"]
        call_command("collectstatic", interactive=False, verbosity=0)
        pages = _pages()
        print(f"{asked.cases:,} closed cases and 60 under way, SQLite\n")
        _costs(pages)
        _loop(run, pages, asked.rate, asked.seconds)
    return 0


def _pages() -> dict[str, str]:
    from amends.accounts.models import User  # noqa: PLC0415 (after the settings)
    from amends.cases.models import Case  # noqa: PLC0415 (after the settings)

    officer = User.objects.get(username="invented.constable_1")
    own = Case.objects.filter(officer=officer).exclude(state__in=("closed", "incident")).first()
    assert own is not None
    return {
        "queue (/)": "/",
        "list (/cases/)": "/cases/",
        "search": "/search/?words=Sample&why=bench",
        "case page": f"/cases/{own.pk}/",
    }


def _client() -> Any:
    from django.test import Client  # noqa: PLC0415 (after the settings)

    from amends.accounts.models import User  # noqa: PLC0415 (after the settings)

    client = Client()
    client.force_login(User.objects.get(username="invented.constable_1"))
    return client


def _cpu(client: Any, path: str, times: int) -> float:
    """Milliseconds of processor time of one request, the least of some rounds."""
    found = []
    for _ in range(3):
        before = time.process_time()
        for _ in range(times):
            answer = client.get(path)
            assert answer.status_code in (200, 403), (path, answer.status_code)
        found.append((time.process_time() - before) / times * 1000)
    return min(found)


def _costs(pages: dict[str, str]) -> None:
    client = _client()
    empty = _cpu(client, "/alive", 200)
    print(f"{'page':<18} {'ms of CPU':>10} {'x empty':>8}   goal: 30")
    print(f"{'empty (/alive)':<18} {empty:>10.2f} {1:>8}")
    for name, path in pages.items():
        cost = _cpu(client, path, 30)
        print(f"{name:<18} {cost:>10.2f} {cost / empty:>8.1f}")


def _loop(run: list[str], pages: dict[str, str], rate: int, seconds: int) -> None:
    """Send *rate* requests a second whatever comes back, and say how long they took."""
    client = _client()
    cookie = f"sessionid={client.cookies['sessionid'].value}"
    server = subprocess.Popen(
        [*run, "serve", "--port", str(PORT)], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    )
    try:
        _wait(f"http://127.0.0.1:{PORT}/alive")
        took: list[float] = []
        wrong: list[str] = []
        lock = threading.Lock()
        paths = list(pages.values())

        def ask(path: str, due: float) -> None:
            request = urllib.request.Request(
                f"http://127.0.0.1:{PORT}{path}", headers={"Cookie": cookie}
            )
            try:
                with urllib.request.urlopen(request, timeout=30) as answer:
                    answer.read()
                    bad = "" if "Sign in" not in answer.url else "signed out"
            except Exception as error:
                bad = repr(error)
            with lock:
                took.append(time.monotonic() - due)
                if bad:
                    wrong.append(bad)

        with ThreadPoolExecutor(64) as pool:
            start = time.monotonic() + 0.5
            for number in range(rate * seconds):
                due = start + number / rate
                time.sleep(max(0.0, due - time.monotonic()))
                pool.submit(ask, paths[number % len(paths)], due)
        cuts = statistics.quantiles(took, n=100)
        print(
            f"\nopen loop, {rate} a second for {seconds} s, 2 workers of 4 threads: "
            f"median {cuts[49] * 1000:.0f} ms, p95 {cuts[94] * 1000:.0f} ms (goal 250), "
            f"p99 {cuts[98] * 1000:.0f} ms, {len(wrong)} errors of {len(took):,}"
        )
        for one in sorted(set(wrong))[:3]:
            print(f"  {one}")
    finally:
        server.terminate()
        server.wait(10)


def _wait(address: str) -> None:
    for _ in range(200):
        try:
            with urllib.request.urlopen(address, timeout=1):
                return
        except OSError:
            time.sleep(0.1)
    raise SystemExit("The service did not start.")


if __name__ == "__main__":
    sys.exit(main())

"""A GOV.UK Notify of our own, on this machine, that fails as often as it is told to."""

import json
import random
import threading
import time
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, urlsplit

from amends.notices.sending import Account

UUIDS = "26785a09-ab16-4eb0-8407-a37497a57506-3d844edf-8d35-48ac-975b-e847b4f122b0"
FAULTS = (
    "error",
    "error after taking",
    "cut",
    "cut after taking",
    "slow",
    "slow after taking",
    "busy",
)


class Server:
    """What Notify took, in the order it was taken, and how it is to fail."""

    def __init__(self, *, fails: float = 0, slow: float = 0, seed: int = 1) -> None:
        self.fails, self.slow, self.chance = fails, slow, random.Random(seed)
        self.taken: list[dict[str, Any]] = []
        self.asked = 0
        self.next: list[
            Any
        ] = []  # faults to come, each once: a name of FAULTS, or (status, answer)
        self.statuses: dict[str, str] = {}
        self.lock = threading.Lock()
        self.url = ""

    @property
    def account(self) -> Account:
        return Account(
            key=f"invented-{UUIDS}",
            url=self.url,
            email_template="email-id",
            text_template="text-id",
        )

    def references(self) -> list[str]:
        with self.lock:
            return [one["reference"] for one in self.taken]

    def fault(self) -> Any:
        with self.lock:
            self.asked += 1
            if self.next:
                return self.next.pop(0)
            return self.chance.choice(FAULTS) if self.chance.random() < self.fails else None

    def take(self, given: dict[str, Any], kind: str) -> dict[str, Any]:
        with self.lock:
            self.taken.append({**given, "id": str(uuid.uuid4()), "type": kind})
            return self.taken[-1]


class Handler(BaseHTTPRequestHandler):
    """Answers one request, or fails at it."""

    notify: Server

    def do_POST(self) -> None:
        given = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        kind = self.path.rpartition("/")[2]
        self.done(lambda: (201, self.notify.take(given, kind)))

    def do_GET(self) -> None:
        place = urlsplit(self.path)
        self.done(lambda: (200, self.told(place.path, parse_qs(place.query))))

    def told(self, path: str, asked: dict[str, list[str]]) -> dict[str, Any]:
        with self.notify.lock:
            if path.rstrip("/") == "/v2/notifications":
                (reference,) = asked["reference"]
                found = [one for one in self.notify.taken if one["reference"] == reference]
                return {"notifications": found, "links": {}}
            name = path.rpartition("/")[2]
            return {"id": name, "status": self.notify.statuses.get(name, "sending")}

    def done(self, does: Any) -> None:
        assert self.headers["Authorization"].startswith("Bearer ")
        fault = self.notify.fault()
        if isinstance(fault, tuple):
            return self.say(*fault)
        answer = does() if fault is None or fault.endswith("after taking") else None
        if fault and fault.startswith("slow"):
            time.sleep(self.notify.slow)
            answer = answer or does()  # what was under way arrives, though nobody waits for it
        if fault and fault.startswith("cut"):
            return self.connection.close()
        if fault and fault.startswith("error"):
            return self.say(500, {"errors": [{"error": "Exception", "message": "Internal error"}]})
        if fault == "busy":
            return self.say(429, {"errors": [{"error": "RateLimitError", "message": "Too many"}]})
        return self.say(*answer)

    def say(self, status: int, answer: Any) -> None:
        data = json.dumps(answer).encode()
        try:
            self.send_response(status)
            self.send_header("Content-Type", "application/json")
            self.send_header("Content-Length", str(len(data)))
            self.end_headers()
            self.wfile.write(data)
        except OSError:
            pass  # whoever asked is gone

    def log_message(self, *_: Any) -> None:
        """Say nothing."""


class Listening(ThreadingHTTPServer):
    """A server that lets whoever asks queue, and tells nobody of connections that broke."""

    request_queue_size = 64
    daemon_threads = True

    def handle_error(self, *_: Any) -> None:
        """A worker was killed: that is what the test is about."""


@contextmanager
def notify(**how: Any) -> Iterator[Server]:
    """A server that runs until the end of the block."""
    server = Server(**how)
    handler = type("Bound", (Handler,), {"notify": server})
    with Listening(("127.0.0.1", 0), handler) as listening:
        server.url = f"http://127.0.0.1:{listening.server_address[1]}"
        thread = threading.Thread(target=listening.serve_forever, args=(0.05,), daemon=True)
        thread.start()
        try:
            yield server
        finally:
            listening.shutdown()

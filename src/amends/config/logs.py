"""What the service writes in its log: one line of JSON for each thing, and never what opens somebody's page."""

import re
from typing import Any, Final

import structlog

_SECRET: Final = re.compile(r"(/link/|/choose-password/[^/\s\"\\]{1,40}/)[^/\s\"\\?]+")
"""The part of an address that is a secret as long as nobody has used it."""
_render: Final = structlog.processors.JSONRenderer()


def masked(text: str) -> str:
    """*text* without the secrets of links, wherever they stand in it: in a message, or in where it broke."""
    return _SECRET.sub(r"\1[left out]", text)


def render(logger: Any, name: str, event: Any) -> str:
    """A line of the log."""
    return masked(str(_render(logger, name, event)))

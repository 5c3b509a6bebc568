"""The document of a decision in plain words, the same for ever.

A renderer is kept for each format that was ever written, and is never changed: a golden test holds
it to every byte. Words that should read better go into a new format.
"""

from collections.abc import Callable, Mapping
from typing import Any, Final

from amends.policy import plain_words_1, plain_words_2

RENDERERS: Final[Mapping[int, Callable[[Mapping[str, Any]], str]]] = {
    1: plain_words_1.render,
    2: plain_words_2.render,
}
"""What turns a document into words, by the document's format."""


def render(document: Mapping[str, Any]) -> str:
    """The *document* (of `documents.document` or `documents.loads`) in plain words, for people."""
    return RENDERERS[document["format"]](document)


def facts_asked(document: Mapping[str, Any]) -> tuple[str, ...]:
    """Every fact that the rules behind *document* asked about, known or not, each once."""
    found: dict[str, None] = {}
    for finding in document["findings"]:
        found |= dict.fromkeys((*finding["facts"], *finding.get("unknown", ())))
    return tuple(found)

"""XML of strangers as a plain tree: what declares anything of its own is refused, and so is what is too deep."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, Final
from xml.parsers import expat

from amends.disclosure.errors import DisclosureError

_DEEPEST: Final = 200
_MOST: Final = 20_000_000
"""Elements in one part: more is no workbook for reading."""
_OWN: Final = (
    "urn:oasis:names:tc:opendocument:", "http://www.w3.org/1999/xlink", "http://schemas.openxmlformats.org/",
    "http://purl.oclc.org/ooxml/",
)  # fmt: skip
_SPACE: Final = {"s": " ", "tab": "\t", "line-break": "\n"}


@dataclass(slots=True)
class Element:
    """An element: its namespace and name, its attributes, and what is in it.

    Attributes of the formats' own namespaces go by their names without prefix; others by both, so that
    none can stand in for one of theirs.
    """

    space: str
    name: str
    attributes: Mapping[str, str]
    inside: list["Element | str"] = field(default_factory=list)

    def get(self, name: str, default: str = "") -> str:
        """The attribute called *name*, whatever its prefix."""
        return self.attributes.get(name, default)

    @property
    def children(self) -> Iterator["Element"]:
        """The elements in it, not deeper."""
        return (one for one in self.inside if isinstance(one, Element))

    def every(self, *names: str) -> Iterator["Element"]:
        """The elements of these *names* at any depth, in order; of any name where none is given."""
        waiting = list(self.children)[::-1]
        while waiting:
            one = waiting.pop()
            if not names or one.name in names:
                yield one
            waiting += list(one.children)[::-1]

    @property
    def text(self) -> str:
        """All text in it, with the elements that stand for spaces."""
        return "".join(self._texts())

    def _texts(self) -> Iterator[str]:
        for one in self.inside:
            if isinstance(one, str):
                yield one
            elif one.name in _SPACE and not one.inside:
                yield _SPACE[one.name] * int(one.get("c", "1"))
            else:
                yield from one._texts()


class _Growing:
    """A tree as it grows while its text is read."""

    def __init__(self, place: str) -> None:
        self.place, self.root, self.count = place, Element("", "", {}), 0
        self.open = [self.root]

    def start(self, name: str, attributes: dict[str, str]) -> None:
        self.count += 1
        if len(self.open) > _DEEPEST or self.count > _MOST:
            raise DisclosureError(
                self.place, "is nested too deeply, or too long", "It is not read."
            )
        space, _, local = name.rpartition("|")
        one = Element(space, local, {_plain(key): value for key, value in attributes.items()})
        self.open[-1].inside.append(one)
        self.open.append(one)

    def end(self, _: str) -> None:
        self.open.pop()

    def comment(self, _: str) -> None:
        self.start("|xml-comment", {})
        self.end("")

    def letters(self, text: str) -> None:
        inside = self.open[-1].inside
        if inside and isinstance(inside[-1], str):
            inside[-1] += text
        else:
            inside.append(text)

    def refuse(self, *_: Any) -> None:
        wrong = "declares a document type or an instruction of its own"
        raise DisclosureError(self.place, wrong, "It is not read.")


def parse(data: bytes, place: str) -> Element:
    """The tree of *data*; raises `DisclosureError` where it is no XML, or has a document type of its own."""
    tree, parser = _Growing(place), expat.ParserCreate(namespace_separator="|")
    parser.StartElementHandler, parser.EndElementHandler = tree.start, tree.end
    parser.CharacterDataHandler, parser.CommentHandler = tree.letters, tree.comment
    parser.StartDoctypeDeclHandler = parser.EntityDeclHandler = tree.refuse
    parser.ProcessingInstructionHandler = tree.refuse
    try:
        parser.Parse(data, True)
    except expat.ExpatError as error:
        raise DisclosureError(place, f"is not XML: {error}") from None
    return next(one for one in tree.root.children if one.name != "xml-comment")


def _plain(name: str) -> str:
    space, _, local = name.rpartition("|")
    return local if not space or space.startswith(_OWN) else name

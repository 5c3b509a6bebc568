"""From the text of a condition to its words, numbers and signs, each with its place."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from amends.feel.errors import FeelError

LONGEST_TEXT = 10_000
"""Characters in a condition, at most: a policy's longest is some hundreds."""

_TOKEN = re.compile(
    r"""(?P<space>\s+|//[^\n]*|/\*(?:(?!\*/).)*\*/)
      | (?P<number>\d+(?:\.\d+)?(?:[eE][+-]?\d+)?|\.\d+(?:[eE][+-]?\d+)?)
      | (?P<at>@"(?:[^"\\\n]|\\.)*")
      | (?P<string>"(?:[^"\\\n]|\\.)*")
      | (?P<name>[^\W\d]\w*)
      | (?P<sign>\.\.|\*\*|<=|>=|!=|/(?!\*)|[-+*<>=()\[\],.:])""",
    re.VERBOSE | re.DOTALL,
)
_ESCAPE = re.compile(r"\\(u[0-9A-Fa-f]{4}|U[0-9A-Fa-f]{6}|.)", re.DOTALL)
_SIMPLE = {"n": "\n", "t": "\t", "r": "\r", '"': '"', "\\": "\\", "'": "'"}


@dataclass(frozen=True, slots=True)
class Token:
    """A word (`name`), `number`, `string`, `at` literal, `sign`, or the `end` of the text."""

    kind: str
    text: str
    at: int


def tokens(text: str) -> Iterator[Token]:
    """The tokens of *text*, and an `end`; blanks and comments are passed over.

    Raises FeelError where no token begins, where a string is not closed, and for a text longer
    than LONGEST_TEXT.
    """
    if len(text) > LONGEST_TEXT:
        raise FeelError(
            text,
            LONGEST_TEXT,
            f"The condition is {len(text):,} characters long.",
            f"At most {LONGEST_TEXT:,} can be read: divide it into several rules.",
        )
    place = 0
    while place < len(text):
        found = _TOKEN.match(text, place)
        if found is None:
            raise _no_token(text, place)
        kind = found.lastgroup or ""
        if kind != "space":
            yield Token(kind, _content(text, kind, found.group(), place), place)
        place = found.end()
    yield Token("end", "the end", len(text))


def _no_token(text: str, place: int) -> FeelError:
    if text[place] in '"@':
        return FeelError(text, place, "A string begins here and does not end.", 'Close it with ".')
    if text.startswith("/*", place):
        return FeelError(
            text, place, "A comment begins here and does not end.", "Close it with */."
        )
    return FeelError(text, place, f"{text[place]!r} has no meaning in a condition.")


def _content(text: str, kind: str, word: str, place: int) -> str:
    if kind not in ("string", "at"):
        return word
    content = _unescaped(text, word[word.index('"') + 1 : -1], place)
    if "\0" in content:
        # Databases end a text there, each in its own way.
        raise FeelError(text, place, "The string holds a null character.", "Leave it out.")
    return content


def _unescaped(text: str, body: str, place: int) -> str:
    if "\\" not in body:
        return body

    def one(found: re.Match[str]) -> str:
        code = found.group(1)
        if code[0] in "uU" and len(code) > 1:
            number = int(code[1:], 16)
            if number > 0x10FFFF:
                raise FeelError(text, place, f"\\{code} is not a Unicode character.")
            return chr(number)
        if code not in _SIMPLE:
            raise FeelError(
                text,
                place,
                f"\\{code} has no meaning in a string.",
                r"Known: \n \t \r \" \\ \uXXXX.",
            )
        return _SIMPLE[code]

    joined = _ESCAPE.sub(one, body)
    try:
        # Two halves of a character (a surrogate pair) are one character.
        return joined.encode("utf-16", "surrogatepass").decode("utf-16")
    except UnicodeDecodeError:
        raise FeelError(text, place, "The string holds half a Unicode character.") from None

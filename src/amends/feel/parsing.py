"""From a text to its parts: the grammar of the profile.

Source: DMN 1.5, 10.3.1.2 (grammar). What is not in the profile (functions, contexts, filters,
`for`, `instance of`) is refused here, with the place.
"""

from collections.abc import Callable
from decimal import Decimal, InvalidOperation

from amends.feel import syntax
from amends.feel.errors import FeelError
from amends.feel.lexing import Token, tokens
from amends.feel.values import DECIMAL_128

DEEPEST = 60
"""How deep brackets and the like may nest."""
LONGEST_CHAIN = 150
"""How many parts one `and`, `or`, `+` and so on may join."""

MANY_WORDS = (
    ("years", "and", "months", "duration"),
    ("date", "and", "time"),
    ("list", "contains"),
    ("string", "length"),
    ("starts", "with"),
    ("ends", "with"),
    ("lower", "case"),
    ("upper", "case"),
    ("substring", "before"),
    ("substring", "after"),
)
"""Names of functions that have blanks in them."""

_RESERVED = frozenset(
    [
        "and",
        "or",
        "between",
        "in",
        "if",
        "then",
        "else",
        "some",
        "every",
        "satisfies",
        "return",
        "for",
        "function",
        "instance",
    ]
)
_REFUSED = {
    "for": "`for` is not in our profile.",
    "function": "Functions cannot be defined in our profile.",
    "instance": "`instance of` is not in our profile.",
}
_COMPARISONS = ("=", "!=", "<", "<=", ">", ">=")


def parse(text: str) -> syntax.Part:
    """The parts of the condition *text*.

    Raises FeelError with the place where *text* is not FEEL, or not in our profile.
    """
    return _Reader(text).whole()


class _Reader:
    def __init__(self, text: str) -> None:
        self.text = text
        self.tokens = list(tokens(text))
        self.place = 0
        self.depth = 0

    # --- the tokens -----------------------------------------------------------

    @property
    def now(self) -> Token:
        return self.tokens[self.place]

    def ahead(self, count: int) -> Token:
        return self.tokens[min(self.place + count, len(self.tokens) - 1)]

    def take(self) -> Token:
        token = self.now
        self.place += token.kind != "end"
        return token

    def sees(self, *words: str) -> bool:
        return self.now.kind in ("sign", "name") and self.now.text in words

    def takes(self, *words: str) -> bool:
        if self.sees(*words):
            self.take()
            return True
        return False

    def expect(self, word: str, why: str) -> Token:
        if not self.sees(word):
            raise self.error(f"{self._named(self.now)} stands where {word!r} should.", why)
        return self.take()

    def error(self, wrong: str, right: str = "", at: int | None = None) -> FeelError:
        return FeelError(self.text, self.now.at if at is None else at, wrong, right)

    def one_more(self, links: int) -> int:
        if links >= LONGEST_CHAIN:
            raise self.error(f"More than {LONGEST_CHAIN} parts are joined here.", "Divide it.")
        return links + 1

    @staticmethod
    def _named(token: Token) -> str:
        return "The end" if token.kind == "end" else repr(token.text)

    # --- the grammar, loosest binding first -----------------------------------

    def whole(self) -> syntax.Part:
        part = self.expression()
        if self.now.kind != "end":
            if self.now.text in _REFUSED:
                raise self.error(_REFUSED[self.now.text])
            raise self.error(
                f"{self._named(self.now)} cannot follow here.",
                "Join two conditions with `and` or `or`; a comparison has two sides only.",
            )
        return part

    def expression(self) -> syntax.Part:
        self.depth += 1
        if self.depth > DEEPEST:
            raise self.error(f"The condition is nested more than {DEEPEST} deep.", "Divide it.")
        if self.sees("if"):
            part = self.choice()
        elif self.sees("some", "every") and self.ahead(1).kind == "name":
            part = self.quantified(self.take())
        else:
            part = self.disjunction()
        self.depth -= 1
        return part

    def choice(self) -> syntax.Part:
        at = self.take().at
        condition = self.expression()
        self.expect("then", "Write: if CONDITION then VALUE else VALUE.")
        then = self.expression()
        self.expect("else", "Write: if CONDITION then VALUE else VALUE.")
        return syntax.Choose(at=at, condition=condition, then=then, otherwise=self.expression())

    def quantified(self, kind: Token) -> syntax.Part:
        """`some x in list, y in list satisfies condition`: the second list lies inside the first."""
        variable = self.take()
        if variable.kind != "name" or variable.text in _RESERVED:
            right = "For example: some v in victims ..."
            raise self.error("A name should stand here.", right, variable.at)
        self.expect("in", "Write: some NAME in LIST satisfies CONDITION.")
        of = self.expression()
        if self.takes(","):
            self.depth += 1
            satisfies = self.quantified(Token("name", kind.text, self.now.at))
            self.depth -= 1
        else:
            self.expect("satisfies", "Write: some NAME in LIST satisfies CONDITION.")
            satisfies = self.expression()
        return syntax.Quantified(
            at=kind.at, kind=kind.text, variable=variable.text, of=of, satisfies=satisfies
        )

    def _joined(self, operators: tuple[str, ...], side: Callable[[], syntax.Part]) -> syntax.Part:
        left, links = side(), 0
        while self.sees(*operators):
            links = self.one_more(links)
            sign = self.take()
            left = syntax.Operation(at=sign.at, operator=sign.text, left=left, right=side())
        return left

    def disjunction(self) -> syntax.Part:
        return self._joined(("or",), self.conjunction)

    def conjunction(self) -> syntax.Part:
        return self._joined(("and",), self.comparison)

    def comparison(self) -> syntax.Part:
        left = self.sum()
        if self.sees(*_COMPARISONS):
            sign = self.take()
            return syntax.Operation(at=sign.at, operator=sign.text, left=left, right=self.sum())
        if self.sees("between"):
            at = self.take().at
            low = self.sum()
            self.expect("and", "Write: VALUE between LOW and HIGH.")
            return syntax.Between(at=at, value=left, low=low, high=self.sum())
        if self.sees("in"):
            at = self.take().at
            return syntax.Among(at=at, value=left, tests=self.tests())
        return left

    def sum(self) -> syntax.Part:
        return self._joined(("+", "-"), self.product)

    def product(self) -> syntax.Part:
        return self._joined(("*", "/"), self.power)

    def power(self) -> syntax.Part:
        left, links = self.negation(), 0
        while self.sees("**"):
            links = self.one_more(links)
            sign = self.take()
            if isinstance(left, syntax.Negation):
                raise self.error(
                    "A minus sign before a power can be read in two ways.",
                    "Put brackets: -(a ** b) or (-a) ** b.",
                    sign.at,
                )
            left = syntax.Operation(at=sign.at, operator="**", left=left, right=self.negation())
        return left

    def negation(self) -> syntax.Part:
        at, signs = self.now.at, 0
        while self.takes("-"):
            signs = self.one_more(signs)
        part = self.postfix()
        for _ in range(signs):
            part = syntax.Negation(at=at, of=part)
        return part

    def postfix(self) -> syntax.Part:
        part, links = self.primary(), 0
        while True:
            if self.sees("["):
                raise self.error(
                    "A filter or an index is not in our profile.",
                    "Use: some NAME in LIST satisfies CONDITION.",
                )
            if not self.sees("."):
                return part
            links = self.one_more(links)
            at = self.take().at
            name = self.take()
            if name.kind != "name":
                raise self.error("A name should follow the full stop.", at=name.at)
            if isinstance(part, syntax.Name):
                part = syntax.Name(at=part.at, path=(*part.path, name.text))
            else:
                part = syntax.Property(at=at, of=part, name=name.text)

    # --- the tests of `in` ----------------------------------------------------

    def tests(self) -> tuple[syntax.Test, ...]:
        if not self.sees("("):
            return (self.test(),)
        opened = self.take()
        first = self.test()
        if first.operator is None and self.sees(".."):
            return (self._of_range(first.operand, opened),)
        found = [first]
        while self.takes(","):
            found.append(self.test())
        self.expect(")", "The tests of `in` stand in brackets, with commas between them.")
        return tuple(found)

    def test(self) -> syntax.Test:
        at = self.now.at
        operator = self.take().text if self.sees(*_COMPARISONS) else None
        return syntax.Test(at=at, operator=operator, operand=self.sum())

    def _of_range(self, low: syntax.Part, opened: Token) -> syntax.Test:
        return syntax.Test(at=opened.at, operator=None, operand=self.range_from(low, opened))

    def range_from(self, low: syntax.Part, opened: Token) -> syntax.Part:
        """The rest of a range whose opening bracket and lower end have been read."""
        self.expect("..", "Write a range as [1..10].")
        high = self.sum()
        closed = self.take()
        if closed.text not in ("]", ")", "["):
            raise self.error("A range is not closed.", "Write a range as [1..10].", closed.at)
        return syntax.Range(
            at=opened.at,
            low=low,
            high=high,
            with_low=opened.text == "[",
            with_high=closed.text == "]",
        )

    # --- the smallest parts ---------------------------------------------------

    def primary(self) -> syntax.Part:
        token = self.now
        if token.kind == "number":
            return self.number(self.take())
        if token.kind == "string":
            return syntax.Literal(at=self.take().at, value=token.text)
        if token.kind == "at":
            return syntax.AtLiteral(at=self.take().at, text=token.text)
        if token.kind == "name":
            return self.named()
        if token.text in ("(", "[", "]"):
            return self.bracketed(self.take())
        raise self.error(f"{self._named(token)} stands where a value should.")

    def number(self, token: Token) -> syntax.Part:
        try:
            value = DECIMAL_128.create_decimal(token.text)
            exact = value == Decimal(token.text) and abs(value.adjusted()) <= 6_000
        except (InvalidOperation, ArithmeticError):
            exact = False
        if not exact:
            raise self.error("The number has more than 34 digits.", at=token.at)
        return syntax.Literal(at=token.at, value=value)

    def bracketed(self, opened: Token) -> syntax.Part:
        if opened.text == "[" and self.takes("]"):
            return syntax.ListOf(at=opened.at, items=())
        first = self.expression()
        if self.sees(".."):
            return self.range_from(first, opened)
        if opened.text == "(":
            self.expect(")", "Every bracket that is opened is closed.")
            return first
        if opened.text == "]":
            raise self.error("This bracket opens nothing.", at=opened.at)
        items = [first]
        while self.takes(","):
            items.append(self.expression())
        self.expect("]", "A list is written [a, b, c].")
        return syntax.ListOf(at=opened.at, items=tuple(items))

    def named(self) -> syntax.Part:
        for words in MANY_WORDS:
            if [self.ahead(i).text for i in range(len(words) + 1)] == [*words, "("]:
                at = self.now.at
                self.place += len(words)
                return self.call(" ".join(words), at)
        token = self.take()
        if token.text in ("true", "false", "null"):
            value = {"true": True, "false": False, "null": None}[token.text]
            return syntax.Literal(at=token.at, value=value)
        if token.text in _RESERVED:
            wrong = _REFUSED.get(token.text, f"{token.text!r} stands where a value should.")
            raise self.error(wrong, at=token.at)
        if self.sees("("):
            return self.call(token.text, token.at)
        return syntax.Name(at=token.at, path=(token.text,))

    def call(self, function: str, at: int) -> syntax.Part:
        self.expect("(", "The arguments of a function stand in brackets.")
        arguments: list[syntax.Part] = []
        names: list[str] = []
        while not self.sees(")"):
            if arguments:
                self.expect(",", "Arguments have commas between them.")
            if self.now.kind == "name" and self.ahead(1).text == ":":
                names.append(self.take().text)
                self.take()
            arguments.append(self.expression())
        self.take()
        if names and len(names) != len(arguments):
            raise self.error("Either every argument is named, or none is.", at=at)
        return syntax.Call(
            at=at, function=function, arguments=tuple(arguments), names=tuple(names) or None
        )

"""The small changes that can be made to a Python module, one at a time, and the module after each."""

import ast
import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import PurePosixPath
from typing import Final

_INVERTED: Final[dict[type[ast.cmpop], tuple[str, str]]] = {
    ast.Eq: ("==", "!="),
    ast.NotEq: ("!=", "=="),
    ast.Lt: ("<", ">="),
    ast.LtE: ("<=", ">"),
    ast.Gt: (">", "<="),
    ast.GtE: (">=", "<"),
    ast.In: ("in", "not in"),
    ast.NotIn: (r"not\s+in", "in"),
    ast.Is: ("is", "is not"),
    ast.IsNot: (r"is\s+not", "is"),
}
_SHIFTED: Final[dict[type[ast.cmpop], str]] = {
    ast.Lt: "<=",
    ast.LtE: "<",
    ast.Gt: ">=",
    ast.GtE: ">",
}
_ARITHMETIC: Final[dict[type[ast.operator], tuple[str, str]]] = {
    ast.Add: ("+", "-"),
    ast.Sub: ("-", "+"),
    ast.Mult: ("*", "/"),
    ast.Div: ("/", "*"),
    ast.FloorDiv: ("//", "*"),
    ast.Mod: ("%", "*"),
    ast.Pow: ("**", "*"),
    ast.BitAnd: ("&", "|"),
    ast.BitOr: ("|", "&"),
    ast.BitXor: ("^", "&"),
    ast.LShift: ("<<", ">>"),
    ast.RShift: (">>", "<<"),
}
_UNARY: Final[dict[type[ast.unaryop], str]] = {ast.Not: "not", ast.USub: "-", ast.Invert: "~"}


@dataclass(frozen=True, slots=True)
class Mutation:
    """One change to the module *file*: the bytes from `start` to `end` become `text`.

    `line` and `last` are the lines that run when it matters. `at_import` says that it matters when
    the module is imported, and so to every test of it.
    """

    file: PurePosixPath
    kind: str
    line: int
    last: int
    start: int
    end: int
    text: bytes
    at_import: bool

    def applied(self, source: bytes) -> bytes:
        """The module after the change."""
        return source[: self.start] + self.text + source[self.end :]

    def shown(self, source: bytes) -> tuple[str, str]:
        """The line that changes, before and after; of a longer change, all its lines as one."""
        first = source.rfind(b"\n", 0, self.start) + 1
        last = source.find(b"\n", self.end)
        before, tail = source[first:last], source[self.end : last]
        after = source[first : self.start] + self.text + tail
        return " ".join(before.decode().split()), " ".join(after.decode().split())


def mutations(file: PurePosixPath, source: bytes) -> list[Mutation]:
    """Every mutation of the module *file*, in the order of its text."""
    finder = _Finder(file, source)
    finder.visit(ast.parse(source))
    return sorted(finder.found, key=lambda one: (one.start, one.end, one.text))


class _Finder(ast.NodeVisitor):
    """Collects mutations. Left out: texts, annotations, defaults, decorators, values of an Enum."""

    def __init__(self, file: PurePosixPath, source: bytes) -> None:
        self.file = file
        self.source = source
        self.found: list[Mutation] = []
        self.depth = 0  # how many functions we are in
        self.raising = False
        self.lines = (1, 1)  # of the statement we are in
        self.line_starts = [0, *(found.end() for found in re.finditer(rb"\n", source))]

    # --- places -----------------------------------------------------------------------------------

    def begin(self, node: ast.expr | ast.stmt | ast.pattern) -> int:
        return self.line_starts[node.lineno - 1] + node.col_offset

    def end(self, node: ast.expr | ast.stmt | ast.pattern) -> int:
        return self.line_starts[(node.end_lineno or 1) - 1] + (node.end_col_offset or 0)

    def text(self, node: ast.expr | ast.pattern) -> bytes:
        return self.source[self.begin(node) : self.end(node)]

    def add(self, kind: str, start: int, end: int, text: bytes) -> None:
        line, last = self.lines
        if self.depth == 0:
            line, last = (self.source.count(b"\n", 0, place) + 1 for place in (start, end))
        self.found.append(Mutation(self.file, kind, line, last, start, end, text, self.depth == 0))

    def between(self, kind: str, one: ast.expr, two: ast.expr, sign: str, other: str) -> None:
        """Change the operator *sign*, which stands between two operands."""
        gap = self.source[self.end(one) : self.begin(two)].decode()
        word = sign if "\\s" in sign else re.escape(sign)
        where = re.search(rf"\b{word}\b" if sign[0].isalpha() else word, gap)
        assert where, (self.file, one.lineno, sign, gap)
        start = self.end(one) + where.start()
        self.add(kind, start, start + len(where.group()), other.encode())

    # --- statements -------------------------------------------------------------------------------

    def visit(self, node: ast.AST) -> None:
        outer = self.lines
        if isinstance(node, ast.stmt):
            self.lines = _header(node)
        if isinstance(node, ast.If | ast.While | ast.IfExp | ast.Assert):
            self.negate(node.test)
        super().visit(node)
        if isinstance(node, ast.stmt):
            self.lines = outer

    def visit_FunctionDef(self, node: ast.FunctionDef) -> None:
        self.depth += 1
        for part in node.body:
            self.visit(part)
        self.depth -= 1

    def visit_Lambda(self, node: ast.Lambda) -> None:
        self.visit(node.body)

    def visit_ClassDef(self, node: ast.ClassDef) -> None:
        enum = any("Enum" in ast.unparse(base) for base in node.bases)
        for part in node.body:
            if isinstance(part, ast.AnnAssign) or (enum and isinstance(part, ast.Assign)):
                continue
            self.visit(part)

    def visit_Assign(self, node: ast.Assign) -> None:
        union = isinstance(getattr(node.value, "op", None), ast.BitOr)
        if self.depth or not union:  # a union in a module is a name for a type
            self.generic_visit(node)

    def visit_AnnAssign(self, node: ast.AnnAssign) -> None:
        if node.value:
            self.visit(node.value)

    def visit_AugAssign(self, node: ast.AugAssign) -> None:
        sign, other = _ARITHMETIC[type(node.op)]
        self.between("arithmetic", node.target, node.value, f"{sign}=", f"{other}=")
        self.visit(node.value)

    def visit_Return(self, node: ast.Return) -> None:
        if node.value is None:
            return
        if getattr(node.value, "value", True) not in (None, False):  # nothing would be no change
            self.add("return", self.begin(node), self.end(node), b"return None")
        self.visit(node.value)

    def visit_Break(self, node: ast.Break) -> None:
        self.add("jump", self.begin(node), self.end(node), b"continue")

    def visit_Continue(self, node: ast.Continue) -> None:
        self.add("jump", self.begin(node), self.end(node), b"break")

    def visit_match_case(self, node: ast.match_case) -> None:
        if node.guard:
            self.lines = (node.pattern.lineno, node.guard.end_lineno or 1)
            self.negate(node.guard)
        self.generic_visit(node)

    # --- expressions ------------------------------------------------------------------------------

    def negate(self, test: ast.expr) -> None:
        """Negate a condition, where no other change would do just that."""
        plain = isinstance(test, ast.Compare) and len(test.ops) == 1
        if not plain and not (isinstance(test, ast.UnaryOp) and isinstance(test.op, ast.Not)):
            text = b"not (" + self.text(test) + b")"
            self.add("condition", self.begin(test), self.end(test), text)

    def visit_comprehension(self, node: ast.comprehension) -> None:
        for test in node.ifs:
            self.negate(test)
        self.generic_visit(node)

    def visit_Compare(self, node: ast.Compare) -> None:
        one = node.left
        for operator, two in zip(node.ops, node.comparators, strict=True):
            sign, other = _INVERTED[type(operator)]
            self.between("comparison", one, two, sign, other)
            if type(operator) in _SHIFTED:
                self.between("boundary", one, two, sign, _SHIFTED[type(operator)])
            one = two
        self.generic_visit(node)

    def visit_BoolOp(self, node: ast.BoolOp) -> None:
        sign, other = ("and", "or") if isinstance(node.op, ast.And) else ("or", "and")
        for one, two in zip(node.values, node.values[1:], strict=False):
            self.between("logic", one, two, sign, other)
        self.generic_visit(node)

    def visit_UnaryOp(self, node: ast.UnaryOp) -> None:
        if sign := _UNARY.get(type(node.op)):
            start = self.begin(node)
            gap = len(sign) + (self.source[start + len(sign) : start + len(sign) + 1] == b" ")
            self.add("sign" if sign == "-" else "not", start, start + gap, b"")
        self.generic_visit(node)

    def visit_BinOp(self, node: ast.BinOp) -> None:
        sign, other = _ARITHMETIC[type(node.op)]
        self.between("arithmetic", node.left, node.right, sign, other)
        self.generic_visit(node)

    def visit_Call(self, node: ast.Call) -> None:
        kinds = node.args[1] if ast.unparse(node.func) == "isinstance" else None
        if not isinstance(kinds, ast.BinOp):
            self.generic_visit(node)
            return
        self.visit(node.args[0])
        alternatives = list(_alternatives(kinds))
        for left_out in alternatives:
            kept = [self.text(one) for one in alternatives if one is not left_out]
            self.add("alternative", self.begin(kinds), self.end(kinds), b" | ".join(kept))

    def visit_MatchOr(self, node: ast.MatchOr) -> None:
        self.lines = (node.lineno, node.end_lineno or 1)
        for left_out in node.patterns:
            kept = [self.text(one) for one in node.patterns if one is not left_out]
            self.add("alternative", self.begin(node), self.end(node), b" | ".join(kept))
        self.generic_visit(node)

    def visit_Subscript(self, node: ast.Subscript) -> None:
        self.visit(node.value)
        before = len(self.found)
        self.visit(node.slice)
        for place, one in enumerate(self.found[before:], before):
            self.found[place] = replace(one, kind="index") if one.kind == "number" else one

    def visit_keyword(self, node: ast.keyword) -> None:
        if node.arg != "strict":  # of `zip`: a check that cannot fail
            self.visit(node.value)

    def visit_Raise(self, node: ast.Raise) -> None:
        self.raising = True
        self.generic_visit(node)
        self.raising = False

    def visit_FormattedValue(self, node: ast.FormattedValue) -> None:
        # Before Python 3.12 the place of what stands inside a text may be wrong.
        if not self.raising and _is(node.value, self.text(node.value)):
            self.visit(node.value)

    def visit_Constant(self, node: ast.Constant) -> None:
        if isinstance(node.value, bool):
            self.add("truth", self.begin(node), self.end(node), str(not node.value).encode())
        elif isinstance(node.value, int):
            self.add("number", self.begin(node), self.end(node), str(node.value + 1).encode())

    def visit_Dict(self, node: ast.Dict) -> None:
        """Of a table of the module, also swap what stands under two keys beside each other."""
        for one, two in zip(node.values, node.values[1:], strict=False):
            if self.depth == 0 and None not in node.keys and ast.dump(one) != ast.dump(two):
                gap = self.source[self.end(one) : self.begin(two)]
                text = self.text(two) + gap + self.text(one)
                self.add("table", self.begin(one), self.end(two), text)
        self.generic_visit(node)


def _header(node: ast.stmt) -> tuple[int, int]:
    """The lines of a statement, without the statements inside it."""
    last = node.end_lineno or node.lineno
    if inside := getattr(node, "body", None) or getattr(node, "cases", None):
        last = max(node.lineno, getattr(inside[0], "pattern", inside[0]).lineno - 1)
    return node.lineno, last


def _alternatives(node: ast.expr) -> Iterator[ast.expr]:
    if isinstance(node, ast.BinOp) and isinstance(node.op, ast.BitOr):
        yield from _alternatives(node.left)
        yield from _alternatives(node.right)
    else:
        yield node


def _is(node: ast.expr, text: bytes) -> bool:
    """Whether *text* is what *node* was read from."""
    try:
        return ast.unparse(ast.parse(text.strip(), mode="eval")) == ast.unparse(node)
    except SyntaxError:
        return False

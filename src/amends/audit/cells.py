"""The rules of a query as a few small tables: the numbers of a row's cells tell what every rule says.

Every state of an input is two whole numbers a *word* (see `Layout`): the ways that it certainly allows,
and those that it perhaps allows. Inputs are joined by *and* in Kleene's logic. DuckDB looks a number up in
a small table and combines bits several times faster than it tests a hundred conditions that may be null:
fastest where it knows the range of the number, which it works out of signed numbers and of `+`, not of `|`.
"""

import hashlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any, Final

from sqlglot import exp

from amends.audit.coding import Ways, numbered, of_truth, ways_of
from amends.audit.printing import Printer
from amends.audit.terms import SQL, call, case, cast, either, named, no, number, text
from amends.audit.ways import Layout, ways_to_raise
from amends.feel import tree
from amends.feel.truth import pair
from amends.policy.classes import Classes
from amends.policy.inputs import Input
from amends.policy.rules import Authority, Ruleset

CELL_BITS: Final = 11
"""Bits of the number of a cell: so small a table stays in the fastest cache."""
LEVELS: Final = (
    Authority.NOBODY,
    Authority.SUPERINTENDENT,
    Authority.INSPECTOR,
    Authority.SERGEANT,
)
"""The answers that a rule can give, the strictest first."""
_CELL: Final = "INTEGER"
_SIDES: Final = {"certain": "yes", "perhaps": "maybe"}


@dataclass(frozen=True, slots=True)
class Link:
    """A code table beside the rows: their column *on* is its column *key*.

    Facts whose column names the *table* stand in it; where it has no such key they are not known.
    """

    table: str
    on: str
    key: str


@dataclass(frozen=True)
class _Coder:
    """What leads to each state, and for each word what each state allows: certainly, and perhaps."""

    ways: Ways
    masks: tuple[tuple[tuple[int, int], ...], ...]
    input: int | None
    home: str
    unknown: int

    @property
    def bits(self) -> int:
        return max(1, (len(self.masks[0]) - 1).bit_length())


@dataclass(frozen=True)
class _Group:
    """Inputs whose states together are the number of a cell."""

    coders: tuple[_Coder, ...]

    @property
    def bits(self) -> int:
        return sum(coder.bits for coder in self.coders)

    def shifts(self, home: str | None = None) -> Iterator[tuple[_Coder, int]]:
        """Each input (in the table *home*), and at which bit of the cell's number its state stands."""
        shift = 0
        for coder in self.coders:
            if home in (None, coder.home):
                yield coder, shift
            shift += coder.bits

    def number(self, home: str) -> SQL | None:
        """That part of the number of a row's cell which the table *home* tells; None if it does not."""
        parts = [numbered(c.ways, _CELL, shift) for c, shift in self.shifts(home)]
        return _joined(exp.Add, parts) if parts else None

    def unknown(self, home: str) -> int:
        """The same where *home* has no such row."""
        return sum(coder.unknown << shift for coder, shift in self.shifts(home))


class Cells:
    """The rules of *classes* as tables of cells, over the columns of *printer* and code tables.

    *blocks* are the rules that are one set each: masks are made for every set.
    """

    def __init__(
        self,
        classes: Classes,
        blocks: Sequence[range],
        printer: Printer,
        links: Sequence[Link],
        *,
        every_input: bool,
    ) -> None:
        self.classes = classes
        self.printer = printer
        self.found = [ways_to_raise(node) for node in classes.raised]
        self.layout = Layout([1 if f is None else len(f) for f in self.found], blocks)
        self.links = links
        if any(self._table_of(name) for name in self._several()):
            self.links = ()  # they are joined to the rows first
        coders = [self._of_input(i) for i in range(len(classes.inputs))]
        if not every_input:
            coders = [coder for coder in coders if self._matters(coder)]
        coders += [self._of_rule(i) for i, f in enumerate(self.found) if f is None]
        self.groups = _grouped(coders)

    @cached_property
    def _full(self) -> tuple[int, ...]:
        return tuple(map(self.layout.full, self.layout.words))

    def _matters(self, coder: _Coder) -> bool:
        return any(
            mask != (full,) * 2
            for full, masks in zip(self._full, coder.masks, strict=True)
            for mask in masks
        )

    def _of_input(self, i: int) -> _Coder:
        one = self.classes.inputs[i]
        by_state = [self._masks(one, state) for state in one.states]
        home = self._table_of(tree.facts_in(one.tests[0])[0]) if one.single else ""
        masks = tuple(zip(*by_state, strict=True))
        return _Coder(ways_of(one, self.printer), masks, i, home, len(one.known))

    def _several(self) -> Iterator[str]:
        """The facts of conditions that are asked as they stand, and so need all of them in a row."""
        for one in self.classes.inputs:
            yield from (name for t in one.tests if not one.single for name in tree.facts_in(t))
        for node, found in zip(self.classes.raised, self.found, strict=True):
            yield from tree.facts_in(node) if found is None else ()

    def _table_of(self, name: str) -> str:
        """The code table in which the fact *name* stands; empty where it is in the row itself."""
        column = self.printer.columns.get(name)
        table = column.value.args.get("table") if column else None
        return table.name if table and table.name in {link.table for link in self.links} else ""

    def _masks(self, one: Input, state: Sequence[Any]) -> list[tuple[int, int]]:
        """For each word: the ways that *state* certainly allows, and perhaps."""
        certain, perhaps = list(self._full), list(self._full)
        for (rule, way), (word, bit) in self.layout.places.items():
            for test, question in (self.found[rule] or [()])[way]:
                if test in one.tests:
                    answer = pair(state[one.tests.index(test)])[question]
                    certain[word] &= ~(0 if answer is True else 1 << bit)
                    perhaps[word] &= ~(1 << bit if answer is False else 0)
        return list(zip(certain, perhaps, strict=True))

    def _of_rule(self, rule: int) -> _Coder:
        """A rule that has too many ways, or none that can be listed: it is asked as it stands."""
        home, bit = self.layout.places[rule, 0]
        masks = []
        for word, full in enumerate(self._full):
            without = full & ~(1 << bit if word == home else 0)
            masks.append(((without, without), (full, full), (without, full)))
        ways = of_truth(self.printer.true(self.classes.raised[rule]), 2, 1, 0)
        return _Coder(ways, tuple(masks), None, "", 2)

    # --- the parts of a query -------------------------------------------------

    def keys(self) -> list[SQL]:
        """For each group, what the row itself tells of the number of its cell; and the codes of links."""
        found = [named(part, name) for name, part in self._parts("")]
        return found + [named(exp.column(link.on), f"on_{link.table}") for link in self._used()]

    def _parts(self, home: str) -> list[tuple[str, SQL]]:
        parts = ((f"k{n}", group.number(home)) for n, group in enumerate(self.groups))
        return [(name, part) for name, part in parts if part is not None]

    def _used(self) -> list[Link]:
        homes = {coder.home for group in self.groups for coder in group.coders}
        return [link for link in self.links if link.table in homes]

    def linked(self, found: exp.Select) -> exp.Select:
        """*found*, which has `keys`, with what the code tables tell of the numbers of its cells."""
        links = self._used()
        if not links:
            return found
        columns = [
            named(self._number(n, group, links), f"cell{n}") for n, group in enumerate(self.groups)
        ]
        query = exp.select("found.*", *columns, copy=False)
        query = query.from_(found.subquery("found", copy=False), copy=False)
        for link in links:
            numbers = [named(part, name) for name, part in self._parts(link.table)]
            codes = exp.select(named(exp.column(link.key), "code"), *numbers).from_(link.table)
            on = exp.EQ(
                this=exp.column("code", link.table),
                expression=exp.column(f"on_{link.table}", "found"),
            )
            table = codes.subquery(link.table, copy=False)
            query = query.join(table, on=on, join_type="left", copy=False)
        return query

    def _number(self, n: int, group: _Group, links: list[Link]) -> SQL:
        """The whole number of a row's cell in group number *n*."""
        parts: list[SQL] = []
        if group.number("") is not None:
            parts.append(exp.column(f"k{n}", "found"))
        for link in links:
            if any(True for _ in group.shifts(link.table)):
                told = exp.column(f"k{n}", link.table)
                unknown = cast(number(group.unknown(link.table)), _CELL)
                parts.append(call("COALESCE", told, unknown))
        return _joined(exp.Add, parts)

    @property
    def _cell(self) -> str:
        """What the columns are called that hold the whole number of each cell."""
        return "cell" if self._used() else "k"

    @cached_property
    def _named_tables(self) -> list[tuple[str, exp.Select]]:
        found = []
        for group in self.groups:
            table = self._table(group)
            digest = hashlib.sha256(self.printer.dialect.print(table).encode()).hexdigest()
            found.append((f"cells_{digest[:24]}", table))
        return found

    @property
    def tables(self) -> dict[str, exp.Select]:
        """The tables of cells by their names, to be made before a query that uses them is run.

        A name is made from what the table holds, so that the tables of two policies never meet.
        """
        return dict(self._named_tables)

    def told(self, linked: exp.Select) -> exp.Select:
        """*linked*, with the ways `certain0`, `perhaps0` and so on for every word, as bits.

        Also with `yes0`, the rules of the first set certainly raised, and `maybe0`, those perhaps raised,
        and so on for every set.
        """
        masks = [
            named(self._allowed(word, side), f"{side}{word}")
            for word in self.layout.words
            for side in _SIDES
        ]
        masks += [
            named(self._merged(block, side), f"{name}{block}")
            for block in range(len(self.layout.moves))
            for side, name in _SIDES.items()
        ]
        query = exp.select("found.*", *masks, copy=False)
        query = query.from_(linked.subquery("found", copy=False), copy=False)
        for n, (name, _) in enumerate(self._named_tables):
            cell = exp.column(f"{self._cell}{n}", "found")
            key = exp.EQ(this=exp.column("k", f"g{n}"), expression=cell)
            # INNER, and no row is lost: there is a cell for every number, and no number is NULL.
            query = query.join(exp.to_table(name).as_(f"g{n}"), on=key, copy=False)
        return query

    def _table(self, group: _Group) -> exp.Select:
        cells = call("UNNEST", call("RANGE", number(1 << group.bits)))
        columns = [named(cast(cells, _CELL), "k")]
        for word in self._words_of(group):
            for side, name in enumerate(_SIDES):
                values = cast(text(str(self._cells(group, word, side))), "BIGINT[]")
                columns.append(named(call("UNNEST", values), f"{name}{word}"))
        return exp.select(*columns, copy=False)

    def _words_of(self, group: _Group) -> list[int]:
        """The words of which *group* says anything."""
        return [
            word
            for word, full in enumerate(self._full)
            if any(m != (full,) * 2 for c in group.coders for m in c.masks[word])
        ]

    def _cells(self, group: _Group, word: int, side: int) -> list[int]:
        cells = [self._full[word]]
        for coder in group.coders:  # each later input stands in higher bits
            masks = [mask[side] for mask in coder.masks[word]]
            masks += [0] * ((1 << coder.bits) - len(masks))
            cells = [cell & mask for mask in masks for cell in cells]
        return cells

    def _merged(self, block: int, side: str) -> SQL:
        """The rules of set number *block* of which some way is allowed, as bits."""
        parts: list[SQL] = []
        for (word, shift), mask in self.layout.moves[block].items():
            value: SQL = self._allowed(word, side)
            if shift:
                value = exp.BitwiseRightShift(this=exp.Paren(this=value), expression=number(shift))
            if mask != self._full[word]:
                bits = cast(number(mask), "BIGINT")
                value = exp.BitwiseAnd(this=exp.Paren(this=value), expression=bits)
            parts.append(value)
        return _joined(exp.BitwiseOr, parts)

    def _allowed(self, word: int, side: str) -> SQL:
        """The ways in *word* that every group allows."""
        allowed: list[SQL] = [
            exp.column(f"{side}{word}", f"g{n}")
            for n, group in enumerate(self.groups)
            if word in self._words_of(group)
        ]
        return _joined(exp.BitwiseAnd, allowed or [cast(number(self._full[word]), "BIGINT")])

    def answer(self, rules: Ruleset, start: int = 0) -> SQL:
        """The answer of a row that is `told`, by *rules*, the first of which is rule number *start*."""
        by_level = {
            level: [i for i, rule in enumerate(rules.rules, start) if rule.allow == level]
            for level in LEVELS
            if level > rules.otherwise
        }
        above = [i for some in by_level.values() for i in some]
        rest = number(int(rules.otherwise))
        # Most rows first: of most, no rule can be raised.
        ways: list[tuple[SQL, SQL]] = [(no(self.among("perhaps", above)), rest)]
        for level, some in by_level.items():
            if some:
                ways.append((self.among("certain", some), number(int(level))))
                unknown = number(int(Authority.NOT_YET_KNOWN))
                ways.append((self.among("perhaps", some), unknown))
        return case(ways, rest)

    def among(self, side: str, rules: Sequence[int]) -> SQL:
        """Whether any of *rules* is raised in a row that is `told`: *side* says certainly, or perhaps."""
        masks: dict[int, int] = {0: 0}
        for rule in rules:
            for word, bit in self.layout.rule(rule):
                masks[word] = masks.get(word, 0) | 1 << bit
        tests: list[SQL] = []
        for word, mask in masks.items():
            bits = exp.BitwiseAnd(
                this=exp.column(f"{side}{word}"), expression=cast(number(mask), "BIGINT")
            )
            tests.append(exp.NEQ(this=exp.Paren(this=bits), expression=number(0)))
        return either(*tests)

    # --- the key of a row -----------------------------------------------------

    def key(self) -> SQL:
        """The numbers of all a row's cells, as one text."""
        cells = [exp.column(f"{self._cell}{n}") for n in range(len(self.groups))]
        return call("CONCAT_WS", text(" "), *cells)

    def states(self, key: str) -> tuple[int, ...]:
        """The state of every input of the rows with this *key*."""
        found: dict[int, int] = {}
        for group, cell in zip(self.groups, map(int, key.split()), strict=True):
            for coder, shift in group.shifts():
                if coder.input is not None:
                    found[coder.input] = cell >> shift & ((1 << coder.bits) - 1)
        return tuple(found[i] for i in range(len(self.classes.inputs)))


def _joined(operator: type[exp.Binary], parts: Sequence[SQL]) -> SQL:
    """*parts*, each in brackets, with *operator* between them."""
    total: SQL = exp.Paren(this=parts[0])
    for part in parts[1:]:
        total = operator(this=total, expression=exp.Paren(this=part))
    return total


def _grouped(coders: list[_Coder]) -> list[_Group]:
    """*coders* in as few groups as their bits allow, those in code tables together."""
    groups: list[list[_Coder]] = []
    for coder in sorted(coders, key=lambda c: (c.home == "", c.home, -c.bits)):
        room = (g for g in groups if sum(c.bits for c in g) + coder.bits <= CELL_BITS)
        group = next(room, None)
        if group is None:
            groups.append([coder])
        else:
            group.append(coder)
    return [_Group(tuple(group)) for group in groups]

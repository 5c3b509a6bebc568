"""Tables that others published with what is found in them, as numbers, each with its source."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from amends.disclosure.published import Axis, Category, Table, Value
from amends.disclosure.snapshots import Snapshot
from support.disclosing import grid


@dataclass(frozen=True)
class Instance:
    """A table of *rows* and *columns*: any group of codes after the codes, and the total last.

    `source` says where it was published; `hidden` has the cells, by their labels, that the source withholds.
    """

    source: str
    columns: tuple[str, ...]
    rows: Mapping[str, tuple[int, ...]]
    groups: Mapping[str, tuple[str, ...]]
    threshold: int
    hidden: frozenset[tuple[str, str]] = frozenset()
    wider: tuple[Mapping[str, tuple[str, ...]], ...] = ()

    def made(self) -> tuple[Snapshot, list[Table]]:
        """Its snapshot, and its tables without values: one for each way of grouping."""
        snapshot, _ = grid(list(self.rows.values()))
        names = [*zip(snapshot.dimensions[0].codes, self.rows, strict=True)]
        code = {name: one for one, name in names}
        code |= dict(zip(self.columns, snapshot.dimensions[1].codes, strict=True))
        tables = []
        for groups in (self.groups, *self.wider):
            axes = []
            for at, plain in enumerate((tuple(self.rows), self.columns)):
                held = [Category(name, frozenset([code[name]])) for name in plain]
                held += [
                    Category(name, frozenset(code[one] for one in parts))
                    for name, parts in groups.items()
                    if set(parts) <= set(plain)
                ]
                every = Category("Total", frozenset(code[name] for name in plain))
                axes.append(Axis(("row", "column")[at], (*held, every)))
            tables.append(Table(self.source, tuple(axes), (), {}))
        return snapshot, tables

    def published(self) -> tuple[Snapshot, list[Table]]:
        """Its tables as the source published them: what it withholds is None."""
        snapshot, tables = self.made()
        out = []
        for table in tables:
            values: list[Value] = [
                None if labels in self.hidden else count
                for labels, count in zip(labels_of(table), table.count(snapshot), strict=True)
            ]
            out.append(replace(table, values=tuple(values)))
        return snapshot, out


def labels_of(table: Table) -> list[tuple[str, str]]:
    """The labels of each cell of a table of two axes, in order."""
    rows, columns = table.axes
    return [(row.label, one.label) for row in rows.categories for one in columns.categories]


def cells(text: str) -> frozenset[tuple[str, str]]:
    """Cells written as `row: column column; row: ...`."""
    found = set()
    for line in text.split(";"):
        row, _, columns = line.partition(":")
        found |= {(row.strip(), column) for column in columns.split()}
    return frozenset(found)


def _z2w(hidden: str, threshold: int, wider: Sequence[Mapping[str, tuple[str, ...]]] = ()):
    return Instance(
        "https://github.com/statisticsnorway/ssb-easysdctable, articles/easySdcTableVignette (z2w)",
        ("annet", "arbeid", "soshjelp", "trygd"),
        {
            "A": (11, 11, 55, 36), "B": (7, 1, 29, 18), "C": (5, 8, 35, 25), "D": (13, 2, 17, 13),
            "E": (9, 14, 63, 52), "F": (12, 9, 24, 22), "G": (6, 4, 22, 8), "H": (9, 3, 38, 15),
            "I": (3, 0, 9, 2), "J": (9, 0, 32, 20), "K": (4, 2, 18, 11),
        },
        wider[0] if wider else {}, threshold, cells(hidden), tuple(wider[1:]),
    )  # fmt: skip


FYLKE = {
    "fylke_1": ("A", "I"), "fylke_4": ("B",), "fylke_5": ("C", "D"), "fylke_6": ("E", "F"),
    "fylke_8": ("G", "H"), "fylke_10": ("J", "K"),
}  # fmt: skip
KOSTRAGR = {"kostragr_300": tuple("ABCDEFGH"), "kostragr_400": tuple("IJK")}

Z2W_GAUSS = _z2w(
    "B: annet arbeid; D: annet arbeid; G: arbeid trygd; H: annet arbeid; I: annet arbeid trygd;"
    "J: annet arbeid; K: annet arbeid",
    4,
)
"""ProtectTable(z2w, 1, 4:7): zeros to threes withheld, and then by the method Gauss."""
Z2W_SIMPLE = _z2w(
    "B: annet arbeid; D: arbeid trygd; H: annet arbeid; I: annet arbeid trygd; J: annet arbeid;"
    "K: annet arbeid",
    4,
)
"""The same by SIMPLEHEURISTIC_OLD."""
Z2W_LINKED = _z2w(
    "A: annet trygd; B: annet arbeid trygd; C: annet arbeid; D: annet arbeid; G: arbeid trygd;"
    "H: arbeid trygd; I: annet trygd; K: annet arbeid trygd; fylke_4: annet arbeid trygd;"
    "fylke_10: annet arbeid trygd; kostragr_300: annet arbeid; kostragr_400: annet arbeid",
    3,
    (FYLKE, KOSTRAGR),
)
"""With `fylke` and `kostragr` as linked tables: ones and twos withheld, then by SIMPLEHEURISTIC."""

_VIGNETTE = (
    "https://github.com/statisticsnorway/ssb-gausssuppression,"
    " articles/Small_count_frequency_table_suppression"
)
_GEO = ("Iceland", "Portugal", "Spain")
_EU = {"EU": ("Portugal", "Spain"), "nonEU": ("Iceland",)}
_2014 = {"young": (2, 0, 5), "old": (3, 4, 6)}
_2015 = {"young": (0, 0, 5), "old": (3, 4, 6)}
_ALL_YEARS = {"young": (3, 1, 17), "old": (10, 11, 17)}

EXAMPLE1 = {
    "table 1": Instance(
        f"{_VIGNETTE}, table 1", _GEO, _2014, {}, 2, cells("old: Iceland Portugal; young: Iceland Portugal")
    ),
    "table 2": Instance(
        f"{_VIGNETTE}, table 2", _GEO, _2014, _EU, 3,
        cells("old: EU nonEU Iceland Portugal; young: EU nonEU Iceland Portugal"),
    ),
    "table 4": Instance(
        f"{_VIGNETTE}, table 4", _GEO, _2014, _EU, 5,
        cells("Total: Portugal Spain; old: EU nonEU Iceland Portugal; young: EU nonEU Iceland Spain"),
    ),
    "table 5": Instance(
        f"{_VIGNETTE}, table 5", _GEO, _2014, _EU, 4,
        cells("old: EU nonEU Iceland Portugal; young: EU nonEU Iceland Portugal"),
    ),
    "table 7": Instance(
        f"{_VIGNETTE}, table 7", _GEO, _2015, _EU, 3,
        cells("old: EU nonEU Iceland Portugal Spain; young: EU nonEU Iceland Portugal Spain"),
    ),
}  # fmt: skip
"""The dataset `example1` in 2014 and 2015, protected by SuppressSmallCounts."""
NARROW = Instance(
    f"{_VIGNETTE}, table 9 before the last step", _GEO, _ALL_YEARS, {}, 4,
    cells("old: Iceland Portugal; young: Iceland Portugal"),
)  # fmt: skip
WIDE = replace(
    NARROW,
    source=f"{_VIGNETTE}, table 9",
    hidden=cells("old: Iceland Portugal Spain; young: Iceland Portugal Spain"),
)

_ONES = "https://github.com/statisticsnorway/ssb-easysdctable, articles/singletonsAndZeros"
_FIVE = ("A", "B", "H", "M", "W")
S1A = Instance(
    f"{_ONES}, s1a", _FIVE, {"r1": (0, 1, 7, 1, 0), "r2": (2, 0, 0, 2, 8)}, {}, 4,
    cells("r1: B M; r2: A M; Total: A B M"),
)  # fmt: skip
S0A = Instance(
    f"{_ONES}, s0a", _FIVE, {"r1": (5, 0, 7, 0, 9), "r2": (5, 9, 9, 5, 8)}, {}, 4,
    cells("r1: B M; r2: B M"),
)  # fmt: skip
S0A_MENDED = replace(S0A, source=f"{_ONES}, s0aThreshold1", hidden=cells("r1: A B M; r2: A B M"))
S0B = Instance(
    f"{_ONES}, s0b", _FIVE, {"r1": (0, 0, 7, 0, 9), "r2": (0, 9, 9, 2, 8)}, {}, 4,
    cells("r1: A B M; r2: A B M; Total: A M"),
)  # fmt: skip
S0B_MENDED = replace(
    S0B, source=f"{_ONES}, s0bThreshold1", hidden=cells("r1: A B H M; r2: A B H M; Total: A M")
)

REGIONS_OF_ONE = Instance(
    "https://github.com/sdcTools/sdcTable, tests/testthat/test-protectTable.r (singletons)",
    ("all",), {"a": (1,), "b": (2,), "c": (1,), "d": (0,)}, {}, 2,
    cells("a: all Total; c: all Total"),
)  # fmt: skip
"""Without detectSingletons nothing is withheld besides the two ones; with it, one cell more."""

MICRODATA1 = Instance(
    "https://github.com/sdcTools/sdcTable, data-raw/microdata1.R, by region and gender",
    ("male", "female"),
    {"A": (18, 2), "B": (14, 19), "C": (12, 10), "D": (11, 14)}, {}, 5,
    cells("A: male female; C: male female"),
)  # fmt: skip
"""protectTable() withholds these four, by each of its methods."""

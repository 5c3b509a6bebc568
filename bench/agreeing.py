"""Whether the engines agree, and where a peer answers although the facts it needs are missing."""

from dataclasses import dataclass
from typing import Any

import history as h
import numpy as np
from subjects import Bench

NOT_YET_KNOWN = 8


@dataclass(frozen=True)
class Peer:
    """One peer on rows it judged: where nothing is missing, and where ours says *not yet known*."""

    name: str
    whole: int
    differ: int
    open: int
    definite: int
    lenient: int


def same_counts(results: dict[str, Any]) -> dict[str, bool]:
    """Whether each engine counts the same answers as our SQL; and the class table's masks likewise."""
    ours = results["sql"]
    masks = {answer: counts[0] for answer, counts in results["sql-masks"].items()}
    found = {"with masks": masks == ours, "Polars": results["polars"] == ours}
    for key in ("table-1", "table", "table-masks-1", "table-masks"):
        found[key.replace("table", "class table")] = results[key] == ours
    return found


def same_masks(bench: Bench, masks: dict[int, Any]) -> bool:
    """Whether the class table's masks, xor-ed over the rows of each answer, are those of the SQL."""
    answers, bits = bench.table.judge(bench.coded.codes)
    return all(
        tuple(int(x) for x in np.bitwise_xor.reduce(bits[answers == answer], axis=0)) == mask[1:]
        for answer, mask in masks.items()
    )


def peers(bench: Bench, results: dict[str, Any]) -> list[Peer]:
    """zen-engine and OpenFisca against ours, row by row."""
    ours = bench.table.answers([column[: bench.history.rows] for column in bench.coded.codes])
    missing = np.zeros(len(next(iter(bench.facts.values()))), bool)
    for values in bench.facts.values():
        missing |= values == h.MISSING
    return [
        _peer("zen-engine", np.asarray(results["zen"]), ours, missing),
        _peer("OpenFisca", np.asarray(results["openfisca"]), ours, missing),
    ]


def _peer(name: str, theirs: Any, ours: Any, missing: Any) -> Peer:
    ours, missing = ours[: len(theirs)], missing[: len(theirs)]
    open_rows = ours == NOT_YET_KNOWN
    return Peer(
        name,
        whole=int((~missing).sum()),
        differ=int((theirs != ours)[~missing].sum()),
        open=int(open_rows.sum()),
        definite=int((theirs[open_rows] != NOT_YET_KNOWN).sum()),
        lenient=int((theirs[open_rows] == 0).sum()),
    )

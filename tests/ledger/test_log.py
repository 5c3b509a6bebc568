"""The Merkle tree: published vectors, and properties against a tree written from the definition."""

import base64
import hashlib
import json
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from amends.ledger.log import (
    EMPTY_ROOT,
    Frontier,
    ProofError,
    Tree,
    consistency,
    inclusion,
    leaf_hash,
    node_hash,
    verify_consistency,
    verify_inclusion,
)

VECTORS = Path(__file__).parents[3] / "shared/conformance/ledger/merkle/testdata"
LEAVES = [leaf_hash(str(number).encode()) for number in range(600)]
TREE = Tree(LEAVES)


def vectors(kind: str) -> list[Path]:
    return sorted((VECTORS / kind).rglob("*.json"))


def decoded(text: str | None) -> bytes:
    return base64.b64decode(text or "")


def by_definition(leaves: list[bytes]) -> bytes:
    """RFC 6962 2.1, word for word."""
    if not leaves:
        return hashlib.sha256(b"").digest()
    if len(leaves) == 1:
        return leaves[0]
    split = 1
    while split * 2 < len(leaves):
        split *= 2
    return node_hash(by_definition(leaves[:split]), by_definition(leaves[split:]))


@pytest.mark.skipif(not VECTORS.exists(), reason=f"no vectors at {VECTORS}")
def test_every_published_vector_is_judged_as_its_authors_say():
    wrong, count = [], {True: 0, False: 0}
    for path in vectors("inclusion") + vectors("consistency"):
        case = json.loads(path.read_text("utf-8"))
        proof = [decoded(part) for part in case["proof"] or []]
        try:
            if path in vectors("inclusion"):
                verify_inclusion(
                    decoded(case["leafHash"]), case["leafIdx"], case["treeSize"], proof,
                    decoded(case["root"]),
                )  # fmt: skip
            else:
                roots = decoded(case["root1"]), decoded(case["root2"])
                verify_consistency(case["size1"], case["size2"], proof, *roots)
            refused = False
        except ProofError:
            refused = True
        count[refused] += 1
        if refused != case["wantErr"]:
            wrong.append(f"{path.parent.name}/{path.name}: {case['desc']}")
    assert not wrong
    assert count == {True: 184, False: 12}


@pytest.mark.parametrize("size", [*range(34), 63, 64, 65, 255, 256, 257, 599])
def test_the_tree_grown_leaf_by_leaf_has_the_root_of_the_definition(size):
    frontier = Frontier()
    for leaf in LEAVES[:size]:
        frontier.append(leaf)
    assert frontier.root() == by_definition(LEAVES[:size]) == TREE.root(size)
    assert Frontier.of(TREE.node, size).root() == TREE.root(size)


def test_the_empty_tree_has_the_root_of_nothing():
    assert Tree().root() == EMPTY_ROOT == by_definition([])


sizes = st.integers(1, len(LEAVES))


@given(sizes, st.data())
def test_every_inclusion_proof_verifies_and_every_mutated_one_is_refused(size, data):
    index = data.draw(st.integers(0, size - 1))
    path = inclusion(TREE.node, index, size)
    root = TREE.root(size)
    verify_inclusion(LEAVES[index], index, size, path, root)
    assert len(path) <= (size - 1).bit_length()
    mutated = data.draw(mutations(path, root, LEAVES[index]))
    with pytest.raises(ProofError):
        verify_inclusion(mutated[2], index, size, *mutated[:2])
    if size > 1:
        other = data.draw(st.integers(0, size - 1).filter(lambda one: one != index))
        with pytest.raises(ProofError):
            verify_inclusion(LEAVES[index], other, size, path, root)


@given(sizes, st.data())
def test_every_consistency_proof_verifies_and_every_mutated_one_is_refused(new, data):
    old = data.draw(st.integers(1, new))
    path = consistency(TREE.node, old, new)
    roots = TREE.root(old), TREE.root(new)
    verify_consistency(old, new, path, *roots)
    mutated = data.draw(mutations(path, *roots))
    with pytest.raises(ProofError):
        verify_consistency(old, new, mutated[0], mutated[1], mutated[2])


@given(sizes)
def test_nothing_is_consistent_with_the_empty_tree(new):
    with pytest.raises(ProofError):
        verify_consistency(0, new, [], EMPTY_ROOT, TREE.root(new))
    with pytest.raises(ProofError):
        consistency(TREE.node, 0, new)


def test_a_proof_from_outside_the_tree_is_not_made():
    for index, size in ((0, 0), (5, 5), (-1, 5)):
        with pytest.raises(ProofError, match="no leaf"):
            inclusion(TREE.node, index, size)
    with pytest.raises(ProofError, match="hashes"):
        Frontier(3, [])


@st.composite
def mutations(draw, path: list[bytes], first: bytes, second: bytes):
    """A proof and two hashes, with one bit flipped, or a part added, left out or doubled."""
    parts = [*path, first, second]
    kind = draw(st.sampled_from(["bit", "add", "cut", "short"]))
    at = draw(st.integers(0, len(path) - 1)) if path else None
    if kind == "add":
        place = draw(st.integers(0, len(path)))
        return (
            [*path[:place], draw(st.sampled_from([first, b"\0" * 32])), *path[place:]],
            first,
            second,
        )
    if kind == "cut" and at is not None:
        return path[:at] + path[at + 1 :], first, second
    if kind == "short":
        return path, first[:-1], second
    which = draw(st.integers(0, len(parts) - 1))
    bit = draw(st.integers(0, 255))
    number = int.from_bytes(parts[which], "big") ^ (1 << bit)
    parts[which] = number.to_bytes(32, "big")
    return parts[:-2], parts[-2], parts[-1]

"""The Merkle tree of RFC 6962: hashes, inclusion and consistency proofs, and their verification.

Sources: RFC 6962 section 2.1, RFC 9162 sections 2.1.3 and 2.1.4 (verification). A tree of *size*
leaves is seen through `Nodes`: a function from (level, position) to the hash of the complete
subtree of 2**level leaves that begins at leaf position * 2**level.
"""

import hashlib
from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import Final

HASH_SIZE: Final = 32
EMPTY_ROOT: Final = hashlib.sha256(b"").digest()

Nodes = Callable[[int, int], bytes]


class ProofError(Exception):
    """A proof that does not hold: what is wrong with it."""


def leaf_hash(data: bytes) -> bytes:
    """The hash of a leaf that holds *data* (RFC 6962 2.1: a 0 byte before it)."""
    return hashlib.sha256(b"\x00" + data).digest()


def node_hash(left: bytes, right: bytes) -> bytes:
    """The hash of a node over two others (RFC 6962 2.1: a 1 byte before them)."""
    return hashlib.sha256(b"\x01" + left + right).digest()


def subtrees(start: int, end: int) -> Iterator[tuple[int, int]]:
    """The fewest complete subtrees, left to right, that cover the leaves from *start* to *end*.

    *start* must be a multiple of the largest of them, as it is wherever a proof asks.
    """
    while start < end:
        level = (end - start).bit_length() - 1
        yield level, start >> level
        start += 1 << level


def fold(parts: Sequence[bytes]) -> bytes:
    """The hash over neighbouring subtrees, given left to right, the smallest on the right."""
    result = parts[-1]
    for part in reversed(parts[:-1]):
        result = node_hash(part, result)
    return result


def range_hash(nodes: Nodes, start: int, end: int) -> bytes:
    """The Merkle tree hash of the leaves from *start* up to but not including *end*."""
    return fold([nodes(level, position) for level, position in subtrees(start, end)])


def root(nodes: Nodes, size: int) -> bytes:
    """The Merkle tree hash of the first *size* leaves."""
    return range_hash(nodes, 0, size) if size else EMPTY_ROOT


def inclusion(nodes: Nodes, index: int, size: int) -> list[bytes]:
    """The audit path of leaf *index* in the tree of *size* (RFC 6962 2.1.1), the sibling first."""
    if not 0 <= index < size:
        raise ProofError(f"There is no leaf {index} in a tree of {size}.")
    start, end, path = 0, size, []
    while end - start > 1:
        middle = start + _split(end - start)
        if index < middle:
            path.append(range_hash(nodes, middle, end))
            end = middle
        else:
            path.append(range_hash(nodes, start, middle))
            start = middle
    return path[::-1]


def consistency(nodes: Nodes, old: int, new: int) -> list[bytes]:
    """The proof that the tree of size *old* begins the tree of size *new* (RFC 6962 2.1.2)."""
    if not 0 < old <= new:
        raise ProofError(f"No proof leads from a tree of {old} to a tree of {new}.")
    start, end, whole, path = 0, new, True, []
    while old - start != end - start:
        middle = start + _split(end - start)
        if old <= middle:
            path.append(range_hash(nodes, middle, end))
            end = middle
        else:
            path.append(range_hash(nodes, start, middle))
            start, whole = middle, False
    if not whole:
        path.append(range_hash(nodes, start, end))
    return path[::-1]


def verify_inclusion(
    leaf: bytes, index: int, size: int, path: Sequence[bytes], root: bytes
) -> None:
    """Raise `ProofError` unless *path* shows *leaf* at *index* of the tree of *size* and *root*."""
    if not 0 <= index < size:
        raise ProofError(f"There is no leaf {index} in a tree of {size}.")
    _check_hashes((leaf, root, *path))
    # RFC 9162 2.1.3.2: fn and sn walk up from the leaf and from the last leaf.
    fn, sn, result = index, size - 1, leaf
    for part in path:
        if sn == 0:
            raise ProofError("The path is too long.")
        if fn & 1 or fn == sn:
            result = node_hash(part, result)
            while not fn & 1 and fn:
                fn, sn = fn >> 1, sn >> 1
        else:
            result = node_hash(result, part)
        fn, sn = fn >> 1, sn >> 1
    if sn:
        raise ProofError("The path is too short.")
    if result != root:
        raise ProofError("The path leads to another root.")


def verify_consistency(
    old: int, new: int, path: Sequence[bytes], old_root: bytes, new_root: bytes
) -> None:
    """Raise `ProofError` unless *path* shows that the tree *old* begins the tree *new*.

    From size 0 there is nothing to prove, so it is refused: accepting it would let a caller take
    an unproved head for a proved one (three of the published vectors ask for this).
    """
    if not 0 < old <= new:
        raise ProofError(f"No proof leads from a tree of {old} to a tree of {new}.")
    if old == new:
        if path or old_root != new_root:
            raise ProofError("Two trees of one size must have one root, and an empty proof.")
        return
    _check_hashes((old_root, new_root, *path))
    parts = list(path) if old & (old - 1) else [old_root, *path]
    if not parts:
        raise ProofError("The path is too short.")
    _climb(old, new, parts, (old_root, new_root))


def _climb(old: int, new: int, parts: list[bytes], roots: tuple[bytes, bytes]) -> None:
    """RFC 9162 2.1.4.2, steps 4 to 8."""
    fn, sn = old - 1, new - 1
    while fn & 1:
        fn, sn = fn >> 1, sn >> 1
    first = second = parts[0]
    for part in parts[1:]:
        if sn == 0:
            raise ProofError("The path is too long.")
        if fn & 1 or fn == sn:
            first, second = node_hash(part, first), node_hash(part, second)
            while not fn & 1 and fn:
                fn, sn = fn >> 1, sn >> 1
        else:
            second = node_hash(second, part)
        fn, sn = fn >> 1, sn >> 1
    if sn:
        raise ProofError("The path is too short.")
    if (first, second) != roots:
        raise ProofError("The path leads to other roots.")


def _check_hashes(hashes: Iterable[bytes]) -> None:
    for one in hashes:
        if len(one) != HASH_SIZE:
            raise ProofError(f"A hash has {HASH_SIZE} bytes, and one here has {len(one)}.")


def _split(count: int) -> int:
    """The largest power of two below *count*."""
    return 1 << ((count - 1).bit_length() - 1)


class Frontier:
    """The right edge of a tree: all that is needed to append to it and to know its root."""

    def __init__(self, size: int = 0, edge: Iterable[bytes] = ()) -> None:
        self.size = size
        self.edge = list(edge)  # the hashes of subtrees(0, size)
        if len(self.edge) != size.bit_count():
            raise ProofError(f"The edge of a tree of {size} has {size.bit_count()} hashes.")

    @classmethod
    def of(cls, nodes: Nodes, size: int) -> "Frontier":
        """The right edge of the tree of *size* that *nodes* shows."""
        return cls(size, [nodes(level, position) for level, position in subtrees(0, size)])

    def append(self, leaf: bytes) -> None:
        """Add the hash of a leaf."""
        sha256, edge, size = hashlib.sha256, self.edge, self.size
        while size & 1:
            leaf = sha256(b"\x01" + edge.pop() + leaf).digest()
            size >>= 1
        edge.append(leaf)
        self.size += 1

    def root(self) -> bytes:
        """The root of what was appended so far."""
        return fold(self.edge) if self.edge else EMPTY_ROOT


class Tree:
    """A whole tree in memory, for trees that fit in it."""

    def __init__(self, leaves: Iterable[bytes] = ()) -> None:
        self._levels: list[list[bytes]] = [[]]
        for leaf in leaves:
            self.append(leaf)

    def __len__(self) -> int:
        return len(self._levels[0])

    def append(self, leaf: bytes) -> None:
        """Add the hash of a leaf, and every node that it completes."""
        level = 0
        self._levels[0].append(leaf)
        while not len(self._levels[level]) & 1:
            left, right = self._levels[level][-2:]
            level += 1
            if level == len(self._levels):
                self._levels.append([])
            self._levels[level].append(node_hash(left, right))

    def node(self, level: int, position: int) -> bytes:
        """The hash of a complete subtree."""
        return self._levels[level][position]

    def root(self, size: int | None = None) -> bytes:
        """The root now, or as it was at *size*."""
        return root(self.node, len(self) if size is None else size)

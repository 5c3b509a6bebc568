"""A log as published files: hashes in tiles, and a checkpoint that is replaced in one step.

Source: c2sp.org/tlog-tiles (paths, tiles of 256 hashes). The folder may be served as it is: it
holds hashes and signatures only, and no entries. It lies outside the database, so that what was
published can be set against what the database says now.
"""

import os
import tempfile
from collections.abc import Iterator, Sequence
from functools import lru_cache
from pathlib import Path
from typing import Final

from amends.ledger.log import HASH_SIZE, Frontier, node_hash, root
from amends.ledger.notes import Checkpoint, Verifier, open_checkpoint

HEIGHT: Final = 8
WIDTH: Final = 1 << HEIGHT
CHECKPOINT: Final = "checkpoint"
KEY: Final = "key"


class PublishedError(Exception):
    """A published log that is missing, broken, or does not fit: what is wrong."""


class Published:
    """The folder of one log."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    # --- reading ---

    def note(self) -> str | None:
        """The signed checkpoint as it is published, or nothing yet."""
        try:
            return (self.folder / CHECKPOINT).read_text("utf-8")
        except FileNotFoundError:
            return None
        except UnicodeDecodeError as error:
            raise PublishedError(f"The published checkpoint is not text: {error}.") from None

    def checkpoint(self, verifier: Verifier) -> Checkpoint | None:
        """The published checkpoint, its signature checked, or nothing yet."""
        note = self.note()
        return None if note is None else open_checkpoint(note, verifier)

    def view(self, size: int) -> "View":
        """The tree of *size* leaves, read from the tiles."""
        return View(self.folder, size)

    def trusted(self, checkpoint: Checkpoint) -> "View":
        """The tree of *checkpoint*, once its right edge is seen to give the checkpoint's root."""
        view = self.view(checkpoint.size)
        if root(view.node, checkpoint.size) != checkpoint.root:
            raise PublishedError(
                f"{self.folder.name}: the tiles do not give the root of the checkpoint at "
                f"{checkpoint.size}. Put them back from a copy."
            )
        return view

    # --- writing ---

    def extend(self, size: int, leaves: Sequence[bytes]) -> bytes:
        """Write the tiles of the tree of *size* with *leaves* added, and give the new root.

        What is published already is not touched: until the checkpoint is replaced, nobody looks
        at more than it covers. The new root is then read back from the files.
        """
        hashes, start, level, new = list(leaves), size, 0, size + len(leaves)
        while hashes:
            first = start // WIDTH
            if start % WIDTH:
                hashes = self.view(size).tile(level, first)[: start % WIDTH] + hashes
            above = []
            for position in range(0, len(hashes), WIDTH):
                part = hashes[position : position + WIDTH]
                index = first + position // WIDTH
                write_atomically(self.folder / tile_path(level, index, len(part)), b"".join(part))
                if len(part) == WIDTH:
                    above.append(_whole(part))
            hashes, start, level = above, first, level + 1
        return root(self.view(new).node, new)

    def publish(self, note: str) -> None:
        """Replace the checkpoint: readers see the old one or the new one, never part of one."""
        write_atomically(self.folder / CHECKPOINT, note.encode())

    def publish_key(self, verifier: Verifier) -> None:
        """Put the public key beside the checkpoint, for convenience and not for trust."""
        path, text = self.folder / KEY, f"{verifier.text}\n".encode()
        if not path.exists() or path.read_bytes() != text:
            write_atomically(path, text)


class View:
    """The tree of one size, read from tiles, each once."""

    def __init__(self, folder: Path, size: int) -> None:
        self.folder, self.size = folder, size
        self.tile = lru_cache(maxsize=4096)(self._tile)

    def _tile(self, level: int, index: int) -> list[bytes]:
        there = (self.size >> (HEIGHT * level)) - index * WIDTH
        width = min(WIDTH, there)
        if width <= 0:
            raise PublishedError(f"There is no tile {level}/{index} in a tree of {self.size}.")
        data = self._bytes(level, index, width)
        return [data[at : at + HASH_SIZE] for at in range(0, width * HASH_SIZE, HASH_SIZE)]

    def _bytes(self, level: int, index: int, width: int) -> bytes:
        for kept in (width, WIDTH):  # a partial tile may have been cleared away by the whole one
            try:
                data = (self.folder / tile_path(level, index, kept)).read_bytes()
            except FileNotFoundError:
                continue
            if len(data) == kept * HASH_SIZE:
                return data
            raise PublishedError(f"The tile {level}/{index} is {len(data)} bytes long: broken.")
        raise PublishedError(f"The tile {level}/{index} of width {width} is missing.")

    def node(self, level: int, position: int) -> bytes:
        """The hash of the complete subtree of 2**level leaves at *position*."""
        high, low = divmod(level, HEIGHT)
        first = position << low
        part = self.tile(high, first // WIDTH)[first % WIDTH :][: 1 << low]
        if len(part) != 1 << low:
            raise PublishedError(f"There is no node {level}/{position} in a tree of {self.size}.")
        return _whole(part)

    def leaves(self, start: int = 0) -> Iterator[bytes]:
        """The leaf hashes from *start*, in order."""
        for index in range(start // WIDTH, -(-self.size // WIDTH)):
            yield from self._tile(0, index)[max(0, start - index * WIDTH) :]

    def frontier(self) -> Frontier:
        """The right edge of this tree."""
        return Frontier.of(self.node, self.size)

    def check(self, checkpoint: Checkpoint) -> None:
        """Raise unless the leaves, every one, give the root of *checkpoint*."""
        frontier = Frontier()
        for leaf in self.leaves():
            frontier.append(leaf)
        if (frontier.size, frontier.root()) != (checkpoint.size, checkpoint.root):
            raise PublishedError("The published leaves do not give the root of the checkpoint.")


def tile_path(level: int, index: int, width: int = WIDTH) -> str:
    """Where a tile lies: `tile/0/x001/067`, and `.p/12` after it if it has 12 hashes only."""
    parts = [f"{index % 1000:03d}"]
    while index := index // 1000:
        parts.append(f"x{index % 1000:03d}")
    partial = "" if width == WIDTH else f".p/{width}"
    return f"tile/{level}/{'/'.join(reversed(parts))}{partial}"


def write_atomically(path: Path, data: bytes) -> None:
    """Write *data* to *path* so that it is there whole or not at all, and stays after a crash."""
    path.parent.mkdir(parents=True, exist_ok=True)
    handle, name = tempfile.mkstemp(dir=path.parent, prefix=".new-")
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
        Path(name).chmod(0o644)  # to be served
        Path(name).replace(path)
    except BaseException:
        Path(name).unlink(missing_ok=True)
        raise
    folder = os.open(path.parent, os.O_RDONLY)
    try:
        os.fsync(folder)
    finally:
        os.close(folder)


def _whole(hashes: Sequence[bytes]) -> bytes:
    """The hash over a power of two of neighbouring hashes."""
    level = list(hashes)
    while len(level) > 1:
        level = [node_hash(level[at], level[at + 1]) for at in range(0, len(level), 2)]
    return level[0]

"""A log as files: tiles grow as the tree does, and a broken one is told."""

import random

import pytest

from amends.ledger.log import (
    Tree,
    consistency,
    inclusion,
    leaf_hash,
    verify_consistency,
    verify_inclusion,
)
from amends.ledger.notes import Checkpoint
from amends.ledger.tiles import Published, PublishedError, tile_path

LEAVES = [leaf_hash(str(number).encode()) for number in range(70_000)]


def test_paths_are_those_of_the_specification():
    assert tile_path(0, 0) == "tile/0/000"
    assert tile_path(1, 1234067, 12) == "tile/1/x001/x234/067.p/12"


def test_a_log_grown_in_steps_has_the_roots_and_proofs_of_the_tree(tmp_path):
    published, tree, size = Published(tmp_path), Tree(), 0
    chance = random.Random(3)
    for step in (1, 2, 253, 1, 255, 256, 300, 1000, 2, 4000, 60_000, 7):
        root = published.extend(size, LEAVES[size : size + step])
        for leaf in LEAVES[size : size + step]:
            tree.append(leaf)
        old, size = size, size + step
        assert root == tree.root()
        view = published.view(size)
        if old:
            path = consistency(view.node, old, size)
            verify_consistency(old, size, path, tree.root(old), root)
        for index in {0, size - 1, chance.randrange(size), chance.randrange(size)}:
            verify_inclusion(LEAVES[index], index, size, inclusion(view.node, index, size), root)
        assert view.frontier().root() == root
    assert list(published.view(size).leaves()) == LEAVES[:size]
    assert list(published.view(size).leaves(600)) == LEAVES[600:size]


def test_a_size_that_was_published_earlier_is_still_there_to_read(tmp_path):
    published = Published(tmp_path)
    first = published.extend(0, LEAVES[:300])
    published.extend(300, LEAVES[300:900])
    published.trusted(Checkpoint("invented.example", 300, first))


def test_broken_missing_and_altered_tiles_are_told(tmp_path):
    published = Published(tmp_path)
    head = Checkpoint("invented.example", 700, published.extend(0, LEAVES[:700]))
    published.trusted(head).check(head)
    tile = tmp_path / tile_path(0, 1)
    whole = tile.read_bytes()
    tile.write_bytes(bytes([whole[0] ^ 1]) + whole[1:])
    with pytest.raises(PublishedError, match="do not give the root"):
        published.view(700).check(head)
    tile.write_bytes(whole[:-1])
    with pytest.raises(PublishedError, match="broken"):
        published.view(700).check(head)
    tile.unlink()
    with pytest.raises(PublishedError, match="missing"):
        published.view(700).check(head)
    last = tmp_path / tile_path(0, 2, 188)
    last.write_bytes(bytes(188 * 32))
    with pytest.raises(PublishedError, match="do not give the root"):
        published.trusted(head)


def test_a_file_that_cannot_be_written_leaves_the_old_one(tmp_path, monkeypatch):
    published = Published(tmp_path)
    published.publish("old\n")

    def full(_):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("amends.ledger.tiles.os.fsync", full)
    with pytest.raises(OSError, match="No space"):
        published.publish("new\n")
    assert published.note() == "old\n"
    assert [path.name for path in tmp_path.iterdir()] == ["checkpoint"]

"""Checkpoints and proofs judged by implementations that are not ours: Go's and sigstore's."""

import base64
import importlib.util
import json
import os
import random
import shutil
import subprocess
from pathlib import Path
from types import SimpleNamespace

import pytest

from amends.ledger.log import Tree, consistency, inclusion, leaf_hash
from amends.ledger.notes import Checkpoint, Signer, sign_checkpoint

HERE = Path(__file__).parent / "oracle"
DEBIAN = Path("/usr/share/gocode/src/golang.org/x/mod/sumdb/tlog")
GO = "Go's judge needs the Debian packages golang-go and golang-golang-x-mod-dev"
EACH = 10_000 if os.environ.get("AMENDS_LONG") else 1000
SIZE = 3000
LEAVES = [leaf_hash(f"invented {number}".encode()) for number in range(SIZE)]
TREE = Tree(LEAVES)


def flipped(data: bytes, chance: random.Random) -> bytes:
    return (int.from_bytes(data, "big") ^ 1 << chance.randrange(8 * len(data))).to_bytes(32, "big")


def mutated(proof: list[bytes], chance: random.Random) -> list[bytes]:
    """The proof with a bit flipped, a part left out, or one too many."""
    at = chance.randrange(len(proof))
    kind = chance.choice(["bit", "cut", "add"])
    if kind == "bit":
        return [*proof[:at], flipped(proof[at], chance), *proof[at + 1 :]]
    return proof[:at] + proof[at + 1 :] if kind == "cut" else [*proof[:at], bytes(32), *proof[at:]]


def encoded(one: object) -> object:
    if isinstance(one, bytes):
        return base64.b64encode(one).decode()
    return [encoded(part) for part in one] if isinstance(one, list) else one


@pytest.fixture(scope="module")
def go(tmp_path_factory):
    """Go's judge, built from our small program and Debian's packages: questions to answers."""
    if not shutil.which("go") or not DEBIAN.exists():
        if os.environ.get("CI") == "true" and "AMENDS_WITHOUT_GO" not in os.environ:
            pytest.fail(GO)
        pytest.skip(GO)
    folder = tmp_path_factory.mktemp("go")
    place = folder / "src" / "oracle"
    place.mkdir(parents=True)
    shutil.copy(HERE / "main.go", place)
    surroundings = {
        **os.environ, "GO111MODULE": "off", "GOPATH": f"{folder}:/usr/share/gocode",
        "GOCACHE": str(folder / "cache"), "GOFLAGS": "",
    }  # fmt: skip
    judge = folder / "judge"
    subprocess.run(["go", "build", "-o", judge, "."], cwd=place, env=surroundings, check=True)

    def ask(questions):
        lines = "".join(
            json.dumps({name: encoded(value) for name, value in one.items()}) + "\n"
            for one in questions
        )
        told = subprocess.run([judge], input=lines, capture_output=True, text=True, check=True)
        answers = told.stdout.splitlines()
        assert len(answers) == len(questions)
        return [answer == "yes" for answer in answers]

    return ask


def test_go_opens_our_checkpoint_and_refuses_a_changed_one(go):
    key = Signer("invented.example/ledger", bytes(range(32)))
    note = sign_checkpoint(Checkpoint("invented.example/ledger/1", SIZE, TREE.root()), key)
    public = key.verifier.named("invented.example/ledger/1").text
    other = note.replace(f"\n{SIZE}\n", f"\n{SIZE + 1}\n")
    asked = [{"kind": "note", "note": one, "key": public} for one in (note, other)]
    assert go(asked) == [True, False]


def test_go_accepts_every_inclusion_proof_and_refuses_every_mutated_one(go):
    chance = random.Random(11)
    good, bad = [], []
    for _ in range(EACH):
        size = chance.randint(2, SIZE)
        index = chance.randrange(size)
        one = {
            "kind": "inclusion", "index": index, "size": size, "root": TREE.root(size),
            "leaf": LEAVES[index], "proof": inclusion(TREE.node, index, size),
        }  # fmt: skip
        good.append(one)
        bad.append({**one, "proof": mutated(one["proof"], chance)})
    assert go(good) == [True] * EACH
    assert go(bad) == [False] * EACH


def test_go_accepts_every_consistency_proof_and_refuses_every_mutated_one(go):
    chance = random.Random(12)
    good, bad = [], []
    for _ in range(EACH):
        new = chance.randint(2, SIZE)
        old = chance.randrange(1, new)
        one = {
            "kind": "consistency", "old": old, "size": new, "old_root": TREE.root(old),
            "root": TREE.root(new), "proof": consistency(TREE.node, old, new),
        }  # fmt: skip
        good.append(one)
        bad.append({**one, "proof": mutated(one["proof"], chance)})
    assert go(good) == [True] * EACH
    assert go(bad) == [False] * EACH


@pytest.mark.skipif(
    importlib.util.find_spec("sigstore") is None, reason="sigstore-python is not installed"
)
def test_sigstore_accepts_every_inclusion_proof_and_refuses_every_mutated_one():
    from sigstore._internal import merkle
    from sigstore.errors import VerificationError

    def accepts(data: bytes, index: int, size: int, proof: list[bytes], root: bytes) -> bool:
        held = SimpleNamespace(log_index=index, tree_size=size, hashes=proof, root_hash=root)
        entry = SimpleNamespace(
            _inner=SimpleNamespace(inclusion_proof=held, canonicalized_body=data)
        )
        try:
            merkle.verify_merkle_inclusion(entry)
        except VerificationError:
            return False
        return True

    chance = random.Random(13)
    for _ in range(EACH):
        size = chance.randint(2, SIZE)
        index = chance.randrange(size)
        proof, root = inclusion(TREE.node, index, size), TREE.root(size)
        data = f"invented {index}".encode()
        assert accepts(data, index, size, proof, root)
        assert not accepts(data, index, size, mutated(proof, chance), root)

"""What is said when something may not be done: a stable code, and a sentence a constable understands."""

from collections.abc import Sequence


class Refused(Exception):
    """An action that was not done. Nothing was changed, and what was typed is not lost.

    `code` never changes its meaning, so that help pages and other systems may rely on it; `sentence`
    says which rule, and what can be done.
    """

    def __init__(self, code: str, sentence: str) -> None:
        self.code, self.sentence = code, sentence
        super().__init__(f"{sentence} ({code})")


class Stale(Refused):
    """An edit of what somebody else has changed since it was read; `changes` says what they did."""

    def __init__(self, changes: Sequence[str]) -> None:
        self.changes = tuple(changes)
        told = f" Since then: {'; '.join(changes)}." if changes else ""
        super().__init__(
            "ACT-STALE", f"This has changed since you opened it.{told} Look again first."
        )


class NothingRecorded(RuntimeError):
    """A fault of ours: an action wrote nothing in the ledger, so it did not happen."""

"""What is said of files that cannot be taken in: where, what is wrong, and what would be right."""


class IntakeError(ValueError):
    """Bad input to this package: `place` says where, `wrong` what, and `right` what would be right."""

    def __init__(self, place: str, wrong: str, right: str = "") -> None:
        self.place, self.wrong, self.right = place, wrong, right
        end = "" if wrong.endswith(".") or not right else "."
        super().__init__(" ".join(filter(None, (f"{place}: {wrong}{end}", right))))

"""What is said of figures that cannot be read or may not leave: where, what, and what would be right."""


class DisclosureError(ValueError):
    """Bad input to this package: `place` says where, `wrong` what, and `right` what would be right."""

    def __init__(self, place: str, wrong: str, right: str = "") -> None:
        self.place, self.wrong, self.right = place, wrong, right
        said = wrong if wrong.endswith((".", "?", "!")) else f"{wrong}."
        super().__init__(f"{place}: {said} {right}".rstrip())

"""What is said when a condition cannot be read, with the text and a caret under the place."""


class FeelError(ValueError):
    """A condition that is refused: it is not FEEL, not in our profile, or asks for an unknown fact.

    `text` is the whole condition, `at` the place in it (characters from 0), `wrong` what was wrong
    and `right` what would be right. The message shows all of them, with a caret under the place.
    """

    def __init__(self, text: str, at: int, wrong: str, right: str = "") -> None:
        self.text, self.at, self.wrong, self.right = text, min(at, len(text)), wrong, right
        super().__init__(self.shown())

    def shown(self) -> str:
        """The error in full: what was wrong, the line it was in, a caret, and what would be right."""
        before = self.text[: self.at]
        number = before.count("\n") + 1
        column = len(before) - (before.rfind("\n") + 1)
        line = self.text.split("\n")[number - 1]
        start = max(0, column - 70)
        shown, caret = line[start : start + 140].replace("\t", " "), " " * (column - start) + "^"
        place = f"line {number}, column {column + 1}"
        right = f"\n  {self.right}" if self.right else ""
        return f"{self.wrong} ({place})\n    {shown}\n    {caret}{right}"

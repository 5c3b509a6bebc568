"""Writes what every saved question answers on the invented force, to be read before it is kept."""

from pathlib import Path

from amends.cli.expecting import write

QUESTIONS = Path(__file__).parents[1] / "src" / "amends" / "openness" / "questions"

if __name__ == "__main__":
    write(QUESTIONS)

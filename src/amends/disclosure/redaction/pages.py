"""The reference page on redaction, written from the code: what is looked for, asked about, read and written."""

from collections.abc import Iterator
from typing import Final

from amends.disclosure.redaction import residue
from amends.disclosure.redaction.identifiers import identifiers
from amends.disclosure.redaction.parties import TEXTS
from amends.disclosure.redaction.spans import KINDS, NUMBERED

_HEAD: Final = """# Redaction: what is looked for, and the files

Written from the code by `make pages`. Why it is so, and what it cannot see: `../explanation/redaction.md`.

## The command

`amends redact TEXT... --case CASE.json --out OUT` writes a review sheet into the new folder OUT: `review.json`
to decide on, `review.txt` to read. With `--review FILE --sign NAME` it writes the same, signed; with `--review
FILE --again`, the same with what came up since (what is hidden in one place and stands in another). With
`--review FILE` alone it writes `text-1.txt` and so on, named by number because a file's name may name somebody.
Nothing is ever written over. Exit status: 0; 1 where the texts cannot be issued yet, with everything that is
missing; 2 for bad input.

In Python: `propose(texts, parties, day)`, `Review(proposal)` with `tick`, `hide` and `sign`, `issue(review)`,
all in `amends.disclosure.redaction`.

## The case

```json
{"day": "2013-06-01",
 "parties": [{"role": "victim", "names": ["John Smith"], "dates_of_birth": ["1997-03-04"]}],
 "linked": [{"parties": [{"role": "witness", "aliases": ["Shaz"], "phones": ["07700 900123"]}]}]}
```
"""

_SHEET: Final = """
## The review sheet

`reviewer`: whoever decides, where a row does not say another under `by`. `spans`: a row for each, of which only
`decision` (`hide` or `may stay`), `because`, `by` and `kind` are to be changed. `hide`: passages that nothing
found, each as `{"passage": "..."}`, hidden wherever they stand. `signed`: written by `--sign`, with the digest
of the texts and of every decision; a change afterwards makes it void.

What the gate asks: the texts, the case and the spans are those the sheet was made for; every span that is not
certain is decided on by somebody named; a certain one stays only for a reason; what is hidden in one place and
stands in another is hidden there too, or stays for a reason; two different people signed what is there now; and
no planted identifier is left.
"""

_LISTS: Final = """
## Lists

| file | what | where from |
|---|---|---|
| `ordinary_words.txt`, `names_that_are_words.txt` | words that pass; words that are names too | SCOWL 2020.12.07, \
http://wordlist.aspell.net/; the notices are in `ordinary_words.licence.txt` beside them |
| `allowed.toml` | words of grammar, of police English, and usual capitals | ours |
| `nicknames.csv` | short forms and other spellings of first names | ours |
| `look_alikes.csv` | letters that look like Latin ones | ours, after Unicode Technical Standard 39 |
| `identifiers.toml` | the shapes above | as each says |
"""


def reference() -> str:
    """The page, as Markdown."""
    return "\n".join((_HEAD, *_case(), *_shapes(), *_asked(), _SHEET.strip(), _LISTS, *_markers()))


def _case() -> Iterator[str]:
    fields = ", ".join(f"`{name}`" for name in TEXTS)
    yield f"A party has a `role`, and lists of: {fields} and `dates_of_birth`. `numbers` are of any kind:"
    yield "collar, crime, custody, account. `day` is that of the case, by which ages are known."
    yield "All of it but `role` may be left out.\n"


def _shapes() -> Iterator[str]:
    yield "## Identifiers by their shape\n"
    yield "*Hidden*: unless somebody gives a reason to let it stay. *Asked*: somebody decides.\n"
    yield "| what | marker | | check | such as | source |"
    yield "|---|---|---|---|---|---|"
    for one in identifiers():
        finds = ", ".join(f"`{each}`" for each in one.finds[:3])
        sure = "hidden" if one.certain else "asked"
        cells = (one.name, f"[{one.kind}]", sure, one.check.replace("_", " "), finds, one.source)
        yield f"| {' | '.join(cell.replace('|', chr(92) + '|') for cell in cells)} |"
    yield ""


def _asked() -> Iterator[str]:
    yield "## What is asked about when all of that was found\n"
    yield "Every word that:\n"
    for why in (
        residue.DIGITS, residue.UNKNOWN, residue.OTHER_SCRIPT, residue.CAPITAL, residue.NAME_TOO,
        residue.AFTER_TITLE, residue.BETWEEN, residue.BESIDE, residue.QUOTED, residue.INITIAL, residue.LETTERS,
    ):  # fmt: skip
        yield f"- {why}"
    yield "\nand every sign, such as an emoji, that is not usual punctuation.\n"


def _markers() -> Iterator[str]:
    numbered = ", ".join(f"[{kind} 1]" for kind in sorted(NUMBERED))
    plain = ", ".join(f"[{kind}]" for kind in KINDS if kind not in NUMBERED)
    yield "## Markers\n"
    yield f"Numbered, the same throughout a pack: {numbered}. Not numbered: {plain}."
    yield "[name 1 or 2] where either may be meant.\n"

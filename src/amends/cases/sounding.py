"""Names by how they sound, so that a person is found however an officer spelt them.

Metaphone (Lawrence Philips, 1990), as the library jellyfish makes it: Smith and Smyth are one, and so are
Mohammed and Muhammad.
"""

import unicodedata

import jellyfish

LONGEST = 16
"""Letters of a key that are kept."""


def keys(name: str) -> frozenset[str]:
    """The key of each word in *name*; a word of no letters that sound has none."""
    plain = "".join(
        letter
        for letter in unicodedata.normalize("NFKD", name)
        if not unicodedata.combining(letter)
    )
    words = "".join(letter if letter.isalpha() else " " for letter in plain).split()
    return frozenset(filter(None, (jellyfish.metaphone(word)[:LONGEST] for word in words)))

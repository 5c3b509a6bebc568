"""A listed name in any disguise, of any culture, at any place, is found."""

import unicodedata

from hypothesis import given, settings
from hypothesis import strategies as st

from amends.disclosure.redaction import Party, propose
from amends.disclosure.redaction.words import allowed, is_ordinary

NAMES = (
    "Siân O'Brien-Jones", "William Rose", "Mohammed al-Rashid", "Oluwaseun Adébáyò", "Małgorzata Wójcik",
    "Nguyễn Thị Lan", "Jean-Luc de la Croix", "Angharad ferch Rhys", "Þorbjörg Sigurðardóttir", "Sukhdeep Dhaliwal",
    "Xochitl Quetzal", "Niamh Ní Dhálaigh", "Björn Åkesson", "Zsófia Kovács", "İbrahim Çelik", "Søren Kjærgaard",
    "Dafydd ap Gwilym", "Li Na", "Grace May", "Mark King", "Hunter Dean", "Ekaterina Ivanovna", "Kwabena Asante",
    "Jaswinder Kaur", "Tom Smith",
)  # fmt: skip
BEFORE = (
    "",
    "Then ",
    "he told ",
    "THE MAN SAW ",
    "(",
    '"',
    "- ",
    "x\n\n",
    "with Mr ",
    "and PC 12 ",
)
AFTER = (
    "",
    " left.",
    "'s coat",
    "’s mum",
    ", who ran",
    ")",
    '"',
    " AND RAN OFF",
    "\n",
    "!!!",
    " & co",
)
LOOKS = str.maketrans("aeopcxAEOPCXHTM", "аеорсхАЕОРСХНТМ")


def bare(name: str) -> str:
    return "".join(
        one for one in unicodedata.normalize("NFKD", name) if not unicodedata.combining(one)
    )


def wide(name: str) -> str:
    return "".join(chr(ord(one) + 0xFEE0) if "!" <= one <= "~" else one for one in name)


def swapped(name: str) -> str:
    *first, last = name.split()
    return f"{last}, {' '.join(first)}"


DISGUISES = {
    "none": str,
    "capitals": str.upper,
    "small": str.lower,
    "no marks": bare,
    "marks apart": lambda name: unicodedata.normalize("NFD", name),
    "full width": wide,
    "look-alikes": lambda name: name.translate(LOOKS),
    "unseen letters": "\u200b".join,
    "soft hyphens": lambda name: name.replace("a", "a\u00ad"),
    "swapped": swapped,
    "run together": lambda name: name.replace(" ", "").replace("-", ""),
    "with hyphens": lambda name: name.replace(" ", "-"),
    "with underscores": lambda name: name.replace(" ", "_"),
    "no apostrophe": lambda name: name.replace("'", ""),
    "other apostrophe": lambda name: name.replace("'", "\u2019"),
    "last name": lambda name: name.split()[-1],
    "first name": lambda name: name.split()[0],
    "initial": lambda name: f"{name[0]}. {name.split()[-1]}",
}


def missed(text: str, name: str, written: str, at: int, *, certain: bool) -> str:
    spans = propose(text, (Party(role="victim", names=(name,)),)).spans
    held = {n for one in spans if one.certain or not certain for n in range(one.start, one.end)}
    return "".join(
        letter for n, letter in enumerate(written, at) if letter.isalnum() and n not in held
    )


@given(
    st.sampled_from(NAMES),
    st.lists(st.sampled_from(sorted(DISGUISES)), max_size=2),
    st.sampled_from(BEFORE),
    st.sampled_from(AFTER),
)
@settings(max_examples=300, deadline=None)
def test_a_name_in_disguise_is_found(name, disguises, before, after):
    written = name
    for one in disguises:
        written = DISGUISES[one](written) if written.split() else written
    text = f"{before}{written}{after}"
    assert not missed(text, name, written, len(before), certain=False), text


@given(st.sampled_from(NAMES), st.data())
@settings(max_examples=200, deadline=None)
def test_a_slip_in_a_name_is_certain(name, data):
    """One letter changed, dropped, doubled or swapped in a part of four letters or more."""
    parts = [
        one
        for one in bare(name).replace("'", "").replace("-", " ").split()
        if len(one) > 3 and one not in allowed("particles")
    ]
    if not parts:
        return
    part = data.draw(st.sampled_from(parts))
    at = data.draw(st.integers(1, len(part) - 2))
    slip = data.draw(
        st.sampled_from(
            (
                part[:at] + "x" + part[at + 1 :],
                part[:at] + part[at] + part[at:],
                part[:at] + part[at + 1] + part[at] + part[at + 2 :],
                *([part[:at] + part[at + 1 :]] if len(part) > 4 else []),
            )
        )
    )
    if is_ordinary(slip.lower()):
        return
    text = f"Then he saw {slip} there."
    assert not missed(text, name, slip, 12, certain=True), text

"""An invented case, whose parties are looked for in the sentences of these tests."""

from datetime import date

from amends.disclosure.redaction import Party

DAY = date(2013, 6, 1)

VICTIM = Party(
    role="victim",
    names=("Siân Mari O'Brien-Jones",),
    aliases=("Shaz",),
    dates_of_birth=(date(1997, 3, 3),),
    addresses=("Flat 2, 14 Acacia Avenue, Bedminster, Bristol, BS3 4QQ",),
    phones=("07700 900123", "+44 117 496 0123"),
    emails=("sian.obj@example.com",),
    handles=("@sianobj97",),
    numbers=("QQ 12 34 56 C", "943 476 5919"),
)
OFFENDER = Party(
    role="offender",
    names=("William Rose",),
    aliases=("Bilbo",),
    dates_of_birth=(date(1981, 12, 24),),
    addresses=("The Old Rectory, Heol y Bont, Llandysul SA44 4QQ",),
    vehicles=("WX13 YZB", "P123 KLT"),
    organisations=("Red Lion", "Premier Stores Ltd"),
    numbers=("52130012345",),
)
WITNESS = Party(
    role="witness",
    names=("Mohammed al-Rashid",),
    phones=("020 7946 0018",),
    handles=("killa.mo",),
)
SECOND_WITNESS = Party(role="witness", names=("Oluwaseun Adébáyò", "Seun Adebayo"))
OFFICER = Party(role="officer in the case", names=("Stephen Clarke",), numbers=("4821",))
NEIGHBOUR = Party(role="witness", names=("Małgorzata Wójcik",), addresses=("16 Acacia Avenue",))
MOTHER = Party(role="parent", names=("Grace May Nguyễn",))
LINKED = Party(role="victim", names=("Jean-Luc de la Croix", "Angharad ferch Rhys"))

PARTIES = (VICTIM, OFFENDER, WITNESS, SECOND_WITNESS, OFFICER, NEIGHBOUR, MOTHER, LINKED)

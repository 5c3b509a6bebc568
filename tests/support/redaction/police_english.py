"""Sentences in police English made by a rule: a template, and for each gap one of many ways to write it."""

import random
from collections.abc import Iterator

WAYS = {
    "victim": [
        "Siân O'Brien-Jones", "Sian O'Brien Jones", "Sian Mari O’Brien-Jones", "O'BRIEN-JONES",
        "Ms O'Brien-Jones", "Sian",
        "sian obrien jones", "Siân", "S. O'Brien-Jones", "O'Brien-Jones, Sian", "Miss Obrien-Jones", "Shaz",
        "sian", "Siaan",
        "S O'Brien-Jones", "Mari", "SIAN OBRIENJONES", "O’Brien–Jones",
    ],
    "offender": [
        "William Rose", "Bill Rose", "Will Rose", "ROSE, William", "Mr Rose", "W. Rose", "W Rose", "Billy Rose",
        "Rose, W.",
        "will rose", "Bilbo", "Rose William", "Willliam Rose", "Wiliam Rose", "Mr William ROSE", "W.R.",
        "WilliamRose",
    ],
    "witness": [
        "Mohammed al-Rashid", "Mohammed Al Rashid", "Muhammad al Rashid", "Mr al-Rashid", "MOHAMMED AL-RASHID",
        "Mo al-Rashid",
        "mohamed alrashid", "Al-Rashid", "M. al-Rashid", "Mohammed Rashid", "Mohammed Rashhid", "al-Rashid, Mohammed",
    ],
    "friend": [
        "Oluwaseun Adébáyò", "Seun Adebayo", "Adebayo", "OLUWASEUN ADEBAYO", "Oluwaseun Adebeyo", "O. Adébáyò",
        "seun",
        "Małgorzata Wójcik", "Malgorzata Wojcik", "Mrs Wójcik", "Malgorzata Wojick", "M Wojcik", "wojcik",
        "Grace Nguyễn", "Grace May Nguyen", "Mrs Nguyen", "Nguyen, Grace", "GRACE NGUYEN", "Grace Ngyuen",
        "Jean-Luc de la Croix", "Jean Luc de la Croix", "JEAN-LUC DE LA CROIX", "Mr de la Croix",
        "Angharad ferch Rhys", "Angharad",
    ],
    "officer": ["Stephen Clarke", "Steve Clarke", "Steven Clark", "CLARKE", "S. Clarke", "Clarke"],
    "stranger": [
        "Tariq Mahmood", "Ffion Llewellyn", "Niamh Ó Dálaigh", "Zbigniew Kowalczyk", "Nkechi Okonkwo",
        "Priya Raghunathan",
        "Hyun-woo Seo", "Þorbjörg Sigurðardóttir", "Xiadani Quetzal", "Kwabena Asante", "Sinead McGlinchey",
        "Sukhdeep Dhaliwal",
        "Yusra Abdullahi", "Taras Shevchuk", "Dafydd Prys-Roberts", "Ngozi", "Gethin", "Aoife", "Keisha", "Bronwen",
    ],
    "phone": [
        "07700 900456", "07700900456", "+44 7700 900456", "+447700900456", "0044 7700 900 456",
        "(0117) 496 0456", "0117-496-0456",
        "020 7946 0456", "077 00 90 04 56", "07700.900.456", "01632 960456", "07700-900-456",
    ],
    "listed-phone": [
        "07700 900123", "07700900123", "+44 (0)7700 900123", "0117 4960123", "020 79460018", "07700 9001 23",
    ],
    "postcode": [
        "BS1 4ND", "bs14nd", "CF10 3AT", "SW1A-1AA", "m60 1nw", "EC1A1BB", "SA44 4QQ", "BS3 4QQ", "Gl50  1AB",
    ],
    "address": [
        "14 Acacia Avenue", "Flat 2, 14 Acacia Avenue", "Acacia Avenue", "acacia avenue", "7 St. John's Road",
        "221b Baker Street",
        "The Old Rectory", "Heol y Bont", "12 Ffordd Caerdydd", "Rose Cottage", "Flat 12b", "3 Upper Park Road",
        "acacia ave",
        "22 Gloucester Rd", "Churchill House", "33 STATION ROAD",
    ],
    "vehicle": [
        "WX13 YZB", "wx13yzb", "WX13-YZB", "P123 KLT", "P123KLT", "AB12 CDE", "KLT 123P", "RIA 1234", "ABC 123",
        "Q123 XYL", "FY11 THX",
    ],
    "collar": ["4821", "1234AB", "PW123", "12345"],
    "reference": [
        "20BW/12345A/13", "CR/012345/19", "46/12345/19", "1234567/13", "012345X/19", "52130012345",
        "CRI/06AA/0012345/19",
        "01AB/1234/13", "2003/0062845E", "12345/83A", "11/01ZD/01/410780J", "52SB1234513", "JS/1",
    ],
    "number": [
        "QQ 12 34 56 C", "QQ123456C", "qq123456c", "943 476 5919", "9434765919", "AB-12-34-56-D",
        "oh seven seven double oh nine",
    ],
    "document": ["MORGA657054SM9IJ", "SMITH 711215 JA9XX", "morga657054sm9ij"],
    "account": ["12-34-56", "GB82 WEST 1234 5698 7654 32", "gb82west12345698765432"],
    "card": ["4111 1111 1111 1111", "4111111111111111", "5500-0000-0000-0004"],
    "device": ["49-015420-323751-8", "490154203237518", "192.0.2.14", "2001:db8::1", "00:00:5e:00:53:af"],
    "e-mail": ["j.smith@example.com", "SIAN.OBJ@EXAMPLE.COM", "o'brien@example.org", "jsmith at example dot com"],
    "handle": ["@sianobj97", "@the.real_js", "killa.mo", "@killa.mo"],
    "link": ["https://www.example.com/js?x=1", "www.example.co.uk", "facebook.com/j.smith.92"],
    "date": [
        "3 March 2011", "3rd March", "03/03/11", "3.3.2011", "2011-03-03", "3rd of March 2011", "03MAR19",
        "March 3rd", "March 2011",
        "third of March", "3-Mar-11", "1/6/13", "24 December 1981", "24/12/81", "June the 1st",
    ],
    "coordinates": ["ST 587 725", "51.4545, -2.5879", "///filled.count.soap", "NZ 2456 6432", "51°27'16\"N"],
    "age": ["16 years old", "aged 31", "16-year-old", "fourteen year old", "16 yo"],
}  # fmt: skip

TEMPLATES = (
    "At 2130 hours {party:victim} reported that {party:offender} had pushed her in the street.",
    "{party:offender} admitted the offence in interview and said he was sorry.",
    "I spoke with {party:witness}, who saw the suspect walk away from the shop.",
    "The victim, {party:victim}, wants an apology and the cost of the window.",
    "PC {number:collar} attended and took a statement from {party:friend}.",
    "{party:friend} said that {party:victim} was crying and would not talk.",
    "The suspect made off in a blue car, {vehicle:vehicle}, towards {address:address}.",
    "He gave his address as {address:address}, {postcode:postcode}, and his mobile as {phone:phone}.",
    "{party:victim} can be reached on {party:listed-phone} after work.",
    "The crime reference is {reference:reference} and the officer is {party:officer}.",
    "Her NI or NHS number was read out as {number:number} by the nurse.",
    "The driving licence found in the bag was {document:document}.",
    "She was told to pay the money into {account:account} by the end of the week.",
    "A card, {card:card}, was used at the till on {date:date}.",
    "The phone, IMEI {device:device}, was given back to {party:witness}.",
    "He sent the picture from {e-mail:e-mail} to {handle:handle} at school.",
    "The video is still at {link:link} and the caller has asked for it to be taken down.",
    "On {date:date} the parties met and {party:offender} agreed to repair the fence.",
    "The bag was found near {coordinates:coordinates} by a man walking his dog.",
    "The suspect is {age:age} and has no previous convictions.",
    "CCTV shows {other:stranger} and {party:offender} leaving by the back door.",
    "I then called {other:stranger} on {phone:phone}, who would not give a statement.",
    "{other:stranger} heard shouting from {address:address} and dialled the police.",
    "Letter sent to {party:friend} at {address:address} on {date:date}.",
    "The owner asked that {party:offender} be kept out of the shop for a month.",
    "Custody record {reference:reference} refers; solicitor was {other:stranger}.",
    "It was alleged by {party:witness} that {party:friend} threw the first punch.",
    "The informant gave the index of the van as {vehicle:vehicle} and a contact of {phone:phone}.",
    "{party:officer} explained the process and {party:victim} was content.",
    "I was shown a message from {handle:handle} which said that {party:offender} would be back.",
)  # fmt: skip


def sentences(count: int, seed: int) -> Iterator[str]:
    """So many sentences with their marks, each template in turn: the same for the same seed."""
    draw = random.Random(seed)
    for number in range(count):
        template = TEMPLATES[number % len(TEMPLATES)]
        yield _filled(template, draw)


def _filled(template: str, draw: random.Random) -> str:
    parts = template.split("{")
    filled = [parts[0]]
    for part in parts[1:]:
        gap, _, rest = part.partition("}")
        kind, _, way = gap.partition(":")
        filled.append(f"{{{kind}:{draw.choice(WAYS[way])}}}{rest}")
    return "".join(filled)

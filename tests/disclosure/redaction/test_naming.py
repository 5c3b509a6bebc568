"""What is looked for of a name, and where it is found, each way by itself."""

import pytest

from amends.disclosure.redaction import Party, naming
from amends.disclosure.redaction.folding import fold
from amends.disclosure.redaction.words import words_of


def names(*called: str, role: str = "victim") -> naming.Names:
    return naming.Names(
        [Party(role=role, names=(one,)) for one in called], [f"k{n}" for n in range(len(called))]
    )


def found(text: str, *called: str) -> set[tuple[str, bool, str]]:
    folded = fold(text)
    return {
        (text[one.start : one.end], one.certain, one.reason)
        for one in names(*called).search(folded, words_of(folded))
    }


@pytest.mark.parametrize(
    ("name", "parts"),
    [
        ("Mr John Smith", ("john", "smith")),
        ("Mrs", ("mrs",)),
        ("Siân O'Brien-Jones", ("sian", "obrien", "jones")),
        ("de la Croix", ("de", "la", "croix")),
    ],
)
def test_the_parts_of_a_name(name, parts):
    assert naming.parts_of(name) == parts


def test_a_thing_is_the_same_whatever_its_title():
    assert naming.subject("Mrs Okafor") == naming.subject("OKAFOR") == "okafor"
    assert naming.subject("Mrs") == "mrs"
    assert naming.subject("!!") == "!!"


def test_a_name_is_looked_for_run_together_in_every_usual_way():
    terms = set(names("Ann Bea Lee").terms) - {"annie", "nan", "nancy", "anne"}
    assert {
        *("ann", "bea", "lee", "annbea", "bealee", "annbealee"),
        *("annlee", "leeann", "alee", "leea"),
    } <= terms
    assert set(names("Xan Qi").terms) == {"xan", "qi", "xanqi"}
    assert set(names("A Bo").terms) == {"bo", "abo"}
    assert set(names("X Qix").terms) == {"qix", "xqix", "qixx"}
    assert set(names("X Y").terms) == set()
    assert set(names("Xan van Qi").terms) == {"xan", "qi", "xanqi", "xanvan", "vanqi", "xanvanqi"}


def test_the_initials_of_a_name():
    assert set(names("Ann Bea Lee").initials) == {"abl", "ab", "al"}
    assert set(names("Ann van Lee").initials) == {"avl", "al"}
    assert set(names("Ann").initials) == set()
    assert set(names("A Bea Cy Dee Eva").initials) == {"abcde", "ab", "ac", "ad", "ae"}


@pytest.mark.parametrize(
    ("text", "name", "expected"),
    [
        ("a Quixans coat", "Quixan", {("Quixans", True, "a name of the victim")}),
        ("a Quills coat", "Quill", {("Quills", False, "a name of the victim, nearly")}),
        ("a Quillss coat", "Quill", {("Quillss", True, "a name of the victim, within it")}),
        ("a Quis coat", "Qui", {("Quis", True, "a name of the victim")}),
        ("a Qus coat", "Qu", set()),
        ("a Quil coat", "Quils", {("Quil", True, "a name of the victim, nearly")}),
        ("a bores hole", "Bore", set()),
        ("a bore hole", "Bore", {("bore", False, "a name of the victim")}),
        ("a Quills coat", "Quills", {("Quills", True, "a name of the victim")}),
        ("Boreqs left", "Boreq", {("Boreqs", True, "a name of the victim")}),
    ],
)
def test_a_name_with_an_s(text, name, expected):
    assert found(text, name) == expected


@pytest.mark.parametrize(
    ("text", "name", "expected"),
    [
        ("it was al Qix", "Xo al Qix", {"Qix", "al Qix"}),
        ("it al was Qix", "Xo al Qix", {"Qix"}),
        ("al Qix", "Xo al Qix", {"Qix", "al Qix"}),
        ("Qix al", "Xo al Qix", {"Qix"}),
        ("van Qix", "Xo al Qix", {"Qix"}),
    ],
)
def test_a_small_word_goes_with_the_name_it_is_listed_with(text, name, expected):
    assert {words for words, _, _ in found(text, name)} == expected


@pytest.mark.parametrize(
    ("text", "certain"),
    [("key ring", False), ("Key ring", False), ("qey ring", True), ("key qing", True)],
)
def test_a_name_in_two_is_certain_unless_both_are_words(text, certain):
    name = text.lower().replace(" ", "")
    assert (text, certain, "a name of the victim, in two") in found(f"it was {text} there", name)


@pytest.mark.parametrize(
    ("text", "name", "expected"),
    [
        ("q u i x", "Quix", "q u i x"),
        ("x q u i", "Qui", "x q u i"),
        ("q u i", "Qui", "q u i"),
        ("it is a q u", "Qu", None),
        ("q-u-i-x", "Quix", "q-u-i-x"),
        ("q u i x", "Ann", None),
    ],
)
def test_a_name_letter_by_letter(text, name, expected):
    said = {words for words, _, reason in found(text, name) if reason.endswith("letter by letter")}
    assert said == ({expected} if expected else set())


@pytest.mark.parametrize(
    ("text", "name", "expected"),
    [
        ("XQ", "Xo Qi", {("XQ", True)}),
        ("xq", "Xo Qi", {("xq", False)}),
        ("X.Q.", "Xo Qi", {("X.Q", True)}),
        ("x.q.", "Xo Qi", set()),
        ("X. .Q", "Xo Qi", {("X. .Q", True)}),
        ("X ... Q", "Xo Qi", set()),
        ("XZQ", "Xo Zu Qi", {("XZQ", True)}),
        ("X Z Q", "Xo Zu Qi", {("X Z", True), ("X Z Q", True)}),
        ("X Z W Q", "Xo Zu Wo Qi", {("X Z", True), ("X Z W Q", True)}),
        ("it was X. Q", "Xo Qi", {("X. Q", True)}),
        ("XZWQV", "Xo Zu Wo Qi Ve", {("XZWQV", True)}),
        ("XZWQVU", "Xo Zu Wo Qi Ve Ub", set()),
        ("X", "Xo", set()),
        ("MR", "Mo Ri", set()),
        ("IT", "Io Ti", {("IT", False)}),
        ("it", "Io Ti", set()),
        ("ONE TWO SIX XQ", "Xo Qi", {("XQ", False)}),
    ],
)
def test_initials(text, name, expected):
    said = {
        (words, sure)
        for words, sure, reason in found(text, name)
        if reason == "the initials of a party"
    }
    assert said == expected


def test_initials_are_found_once():
    folded = fold("It was J.S.")
    (one,) = names("John Smith").search(folded, words_of(folded))
    assert (one.start, one.end) == (7, 10)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("X Qix", {"X Qix"}),
        ("Qix X", {"Qix X"}),
        ("X. al Qix", {"X. al Qix"}),
        ("X al al Qix", {"X al al Qix"}),
        ("X. it Qix", set()),
        ("X, or Qix", set()),
        ("Z Qix", set()),
        ("x Qix", set()),
        ("X", set()),
        ("X al", set()),
        ("Qix. X", {"Qix. X"}),
        ("it X .. Qix", set()),
        ("Qix X Qix", {"Qix X", "X Qix"}),
    ],
)
def test_an_initial_beside_a_name(text, expected):
    said = {
        words
        for words, certain, reason in found(text, "Xo al Qix")
        if reason.endswith("with an initial") and certain
    }
    assert said == expected


@pytest.mark.parametrize(
    ("text", "certain"),
    [
        ("bore ring", True),
        ("ring bore", True),
        ("it was bore ring", True),
        ("it was bore, ring", True),
        ("it was bore ,  ring", False),
        ("it was bore or ring", False),
        ("bore bore", False),
        ("bore", False),
        ("bore it ring", False),
    ],
)
def test_two_names_that_are_words_are_certain_side_by_side(text, certain):
    said = {
        sure for _, sure, reason in found(text, "Bore Ring") if reason == "a name of the victim"
    }
    assert said == {certain}


def test_a_listed_name_is_told_before_a_form_of_one():
    held = naming.Names(
        [Party(role="victim", names=("William",)), Party(role="witness", names=("Bill",))],
        ["a", "b"],
    )
    folded = fold("Bill")
    (one,) = held.search(folded, words_of(folded))
    assert (one.reason, one.about) == ("a name of the witness", ("a", "b"))


@pytest.mark.parametrize(
    ("text", "runs"),
    [
        ("a b", []),
        ("a b c", ["abc"]),
        ("a b c it d e f", ["abc", "def"]),
        ("a b it", []),
        ("a, b. c-d", ["abcd"]),
        ("a b (c) d", []),
        ("a b (c d e", ["cde"]),
        ("a 1 b c", []),
        ("", []),
    ],
)
def test_letters_apart(text, runs):
    folded = fold(text)
    got = [
        "".join(word.text for word in run) for run in naming.letters_apart(folded, words_of(folded))
    ]
    assert got == runs

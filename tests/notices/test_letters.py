"""Letters: no hole unfilled, the same in both languages, plain to a child of nine, and readable by a machine."""

import datetime as dt
import re
import zlib
from html.parser import HTMLParser
from importlib.resources import files

import pytest

from amends.notices import letters
from amends.notices.letters import KINDS, LANGUAGES, LetterError, pdf, template, write
from support.letters import DAY, filled
from support.notify import notify

ALL = [(kind, language) for kind in KINDS for language in LANGUAGES]
each = pytest.mark.parametrize(("kind", "language"), ALL)


# --- the texts --------------------------------------------------------------------------------------


@pytest.mark.parametrize("kind", KINDS)
def test_every_letter_is_there_in_both_languages_and_says_as_much(kind):
    english, welsh = (template(kind, language) for language in LANGUAGES)
    assert english.holes == welsh.holes
    assert (english.lists, english.prose) == (welsh.lists, welsh.prose)
    assert {name: set(of) for name, of in english.choices.items()} == {
        name: set(of) for name, of in welsh.choices.items()
    }
    assert [len(part.says) for part in english.parts] == [len(part.says) for part in welsh.parts]
    holes = [[sorted(re.findall(r"{(\w+)}", say)) for part in one.parts for say in part.says]
             for one in (english, welsh)]  # fmt: skip
    assert holes[0] == holes[1]
    assert english.version == welsh.version
    assert not {part.heading for part in english.parts} & {part.heading for part in welsh.parts}


def test_no_text_is_left_over():
    names = {place.name for place in (files(letters.__package__) / "templates").iterdir()}
    assert names == {f"{kind}.{language}.toml" for kind, language in ALL} | {
        "words.toml",
        "letter.css",
    }


@pytest.mark.parametrize("kind", KINDS)
def test_a_welsh_letter_says_that_no_translator_has_checked_it(kind):
    assert not template(kind, "en").note
    assert template(kind, "cy").note == "machine draft, not yet checked by a translator"
    letter = write(kind, "cy", filled(kind))
    for told in (letter.page(), letter.plain()):
        assert "machine draft, not yet checked by a translator" in told
        assert "Nid yw cyfieithydd" in told
    assert "machine" not in write(kind, "en", filled(kind)).page()


def syllables(word: str) -> int:
    found = len(re.findall(r"[aeiouy]+", word.lower()))
    silent = word.lower().endswith(("e", "ed", "es")) and not word.lower().endswith(
        ("le", "ted", "ded")
    )
    return max(1, found - silent)


def grade(text: str) -> float:
    """The school year of the United States that a text is for, by Flesch and Kincaid; age is five more."""
    sentences = [one for one in re.split(r"[.?!:]+\s|\n\n", text) if re.search("[a-z]", one)]
    words = re.findall(r"[A-Za-z']+", text)
    return (
        0.39 * len(words) / len(sentences) + 11.8 * sum(map(syllables, words)) / len(words) - 15.59
    )


@pytest.mark.parametrize("kind", KINDS)
def test_a_child_of_nine_can_read_it(kind):
    found = template(kind, "en")
    says = [say for part in found.parts for say in (part.heading, *part.says)]
    says += [say for of in found.choices.values() for say in of.values()]
    assert grade("\n\n".join(says)) <= 4, kind
    longest = max(
        (one for say in says for one in re.split(r"[.?!]\s", say)), key=lambda one: len(one.split())
    )
    assert len(longest.split()) <= 20, longest
    assert grade("The authorisation of proportionate disposals necessitates consultation.") > 15


def test_the_person_responsible_is_told_what_it_means():
    told = write("responsible_told", "en", filled("responsible_told")).plain()
    for words in (
        "not a conviction",
        "enhanced check",
        "police keep a note",
        "not show on a basic or a standard",
    ):
        assert words in told
    welsh = write("responsible_told", "cy", filled("responsible_told")).plain()
    for words in ("Nid yw'n euogfarn", "gwiriad manylach".replace("g", "", 1), "2 Mawrth 2026"):
        assert words in welsh


def test_a_victim_is_told_how_to_say_no_and_that_silence_is_no_yes():
    for regime in ("consent_required", "consent_or_override", "consult_only"):
        told = write("victim_asked", "en", filled("victim_asked", if_no=regime)).plain()
        assert "If you say no" in told
        assert "we will not take that as a yes" in told
        assert ("the police decide." in told) is (regime == "consult_only")


@each
def test_a_text_message_tells_nothing_to_whoever_else_looks(kind, language):
    text = write(kind, language, filled(kind)).text()
    assert len(text) <= 306, "two text messages"
    for private in ("Ann", "gate", "sorry"):
        assert private not in text


# --- holes ------------------------------------------------------------------------------------------


@each
def test_a_hole_unfilled_or_something_left_over_is_an_error(kind, language):
    values = filled(kind)
    write(kind, language, values)
    for name in values:
        with pytest.raises(LetterError, match=f"missing: {name}"):
            write(kind, language, {key: value for key, value in values.items() if key != name})
    with pytest.raises(LetterError, match="left over: nickname"):
        write(kind, language, {**values, "nickname": "x"})


@pytest.mark.parametrize(
    ("wrong", "said"),
    [({"name": ""}, "letters are needed"), ({"name": " \n"}, "letters are needed"),
     ({"name": "x" * 2001}, "letters are needed"), ({"name": "a\u202eb"}, "cannot be read"),
     ({"name": "a\x00b"}, "cannot be read"), ({"name": ["Ann"]}, "Words belong"), ({"name": 3}, "Words belong"),
     ({"proposed": "sorry"}, "Several lines belong"), ({"proposed": []}, "nothing in the list"),
     ({"proposed": [""]}, "letters are needed"), ({"proposed": DAY}, "Several lines belong"),
     ({"reply_by": dt.datetime(2026, 3, 2, tzinfo=dt.UTC)}, "not a time"), ({"if_no": "maybe"}, "It is one of")],
)  # fmt: skip
def test_what_does_not_belong_into_a_hole(wrong, said):
    with pytest.raises(LetterError, match=said):
        write("victim_asked", "en", filled("victim_asked", **wrong))


def test_letters_and_languages_that_are_not_there():
    for kind, language in (("bill", "en"), ("agreement", "fr"), ("../words", "en")):
        with pytest.raises(LetterError, match="There is no letter"):
            template(kind, language)
    with pytest.raises(LetterError, match="no language"):
        write("agreement", "en", filled("agreement"), words_in="fr")


GIVEN = {"id": "agreement", "language": "en", "version": 1, "title": "T", "greeting": "Hello {name}",
         "ending": "E", "text": "X", "holes": ["name"], "part": []}  # fmt: skip


@pytest.mark.parametrize(
    "wrong",
    [{"holes": []}, {"holes": ["name", "other"]}, {"text": "{other}"}, {"lists": ["other"]}, {"id": "other"},
     {"language": "cy"}, {"note": "unchecked"}, {"title": "{x}"}, {"choices": {"other": {}}}, {"prose": ["x"]}],
)  # fmt: skip
def test_a_template_that_contradicts_itself_is_refused(wrong):
    assert letters._read("agreement", "en", GIVEN).holes == {"name"}
    with pytest.raises(LetterError):
        letters._read("agreement", "en", {**GIVEN, **wrong})


# --- the page ---------------------------------------------------------------------------------------


class Page(HTMLParser):
    """Checks that every element is closed, and keeps what a reader would ask about."""

    def __init__(self, text):
        super().__init__()
        self.open, self.headings, self.languages, self.attributes, self.said = [], [], [], set(), []
        self.tags = []
        self.feed(text)
        self.close()
        assert not self.open

    def handle_starttag(self, tag, attrs):
        self.tags.append(tag)
        self.attributes |= {name for name, _ in attrs}
        self.languages += [(tag, value) for name, value in attrs if name == "lang"]
        if re.fullmatch("h[1-6]", tag):
            self.headings.append(int(tag[1]))
        if tag not in ("meta", "br"):
            self.open.append(tag)

    def handle_endtag(self, tag):
        assert self.open.pop() == tag

    def handle_data(self, data):
        self.said.append(data)


@each
def test_a_page_has_a_language_a_title_one_first_heading_and_no_style(kind, language):
    page = Page(write(kind, language, filled(kind)).page(["Ann Invented", "1 Road", "AB1 2CD"]))
    assert page.languages[0] == ("html", language)
    assert page.headings[0] == 1
    assert set(page.headings[1:]) == {2}
    assert page.tags.count("h1") == page.tags.count("title") == page.tags.count("main") == 1
    assert page.attributes <= {"lang", "charset", "name", "content", "class"} | (
        {"href"} if kind == "link" else set()
    )
    assert not {"style", "script", "img", "link", "table"} & set(page.tags)
    assert not re.search(r"[{}]", "".join(page.said)), "a hole is left"


def test_what_somebody_wrote_is_only_words_and_its_language_is_told():
    values = filled("victim_asked", crime="<script>alert('x')</script> & {name}", name="<b>Ann</b>")
    page = write("victim_asked", "cy", values).page(["<i>Ann</i>"])
    assert "<script" not in page
    assert "<b>" not in page
    assert "<i>" not in page
    assert '<span lang="en">&lt;script&gt;' in page
    assert "{name}</span>" in page, "what was filled in is not filled again"
    assert '<li><span lang="en">mend the gate</span></li>' in page
    assert '<span lang="en">' not in write("victim_asked", "en", values).page()
    assert '<span lang="cy">' in write("victim_asked", "en", values, words_in="cy").page()
    assert "\n- mend the gate\n- say sorry\n" in write("victim_asked", "en", values).plain()


# --- paper ------------------------------------------------------------------------------------------


def inside(data: bytes) -> bytes:
    """A PDF with its streams inflated, as far as they can be."""
    found = [data]
    for stream in re.findall(rb"stream\r?\n(.*?)\r?\nendstream", data, re.DOTALL):
        try:
            found.append(zlib.decompress(stream))
        except zlib.error:
            continue
    return b"\n".join(found)


@pytest.mark.parametrize("language", LANGUAGES)
def test_paper_is_tagged_in_its_language_and_the_same_every_time(language):
    page = write("victim_asked", language, filled("victim_asked")).page(
        ["Ann", "1 Road", "AB1 2CD"]
    )
    made = pdf(page)
    assert made.startswith(b"%PDF-1.7")
    told = inside(made)
    for tag in (b"/StructTreeRoot", b"/H1", b"/H2", b"/LI", b"/MarkInfo", b"pdfuaid"):
        assert tag in told, tag
    assert re.search(rb"/Lang\s*\(%s\)" % language.encode(), told)
    assert pdf(page) == made


def test_a_letter_fetches_nothing(tmp_path, caplog):
    page = write("agreement", "en", filled("agreement")).page()
    with notify() as server:
        for place in (server.url, tmp_path.as_uri()):
            for wants in (
                f'<link rel="stylesheet" href="{place}/secret.css">',
                f'<img src="{place}/x.png">',
            ):
                assert pdf(page.replace("</head>", f"{wants}</head>")).startswith(b"%PDF")
        assert not server.asked
    assert caplog.text.count("disallowed protocol") == 4

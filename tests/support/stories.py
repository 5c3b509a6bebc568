"""Parts of the life of a case that several stories share, told in a browser."""

import datetime as dt

from amends.accounts.standing import today


def next_is(page, what):
    """What the case needs next, and go there."""
    page.tap(f"Next: {what}")


def gather(desk, crew, reference):
    """The officer raises it, and records what is known and said."""
    desk.be(crew.officer)
    desk.go("/")
    desk.tap("Raise a case")
    desk.write("Reference", reference)
    desk.tap("Raise the case")
    next_is(desk, "what is known of the offence")
    desk.write("What is the offence, by its code?", "46")
    desk.date("On what day was the offence?", *parts(today() - dt.timedelta(days=3)))
    desk.choose("Is it a recorded crime", "Yes")
    desk.tap("Save and go on")
    assert "Not yet known who may allow this" in desk.text()
    assert "First find out:" in desk.text()
    desk.shot("not-yet-known")
    desk.tap("Add somebody to the case")
    desk.choose("Which part do they take?", "The person responsible")
    desk.write("Name", "Invented Suspect")
    desk.date("Date of birth", 1, 5, 1990)
    desk.tap("Save and go on")
    desk.tap("Add somebody to the case")
    desk.choose("Which part do they take?", "A victim")
    desk.choose("Are they a person or a body?", "A business")
    desk.write("Name", "Invented Stores")
    desk.tap("Save and go on")
    desk.tap("Add somebody to the case")
    desk.choose("Which part do they take?", "Somebody who speaks")
    desk.write("Name", "Invented Manager")
    desk.choose("For whom do they speak?", "Invented Stores")
    desk.tap("Save and go on")
    listen(desk)
    desk.tap("What is known of the offence")
    answer_all(desk)
    desk.shot("facts")
    desk.tap("Save and go on")


def listen(desk):
    """Everybody is heard."""
    desk.tap("What the suspect said")
    desk.choose("What did the suspect say", "They admit the offence")
    desk.write("In their own words", "I took it.")
    desk.write("Where it was said", "At the shop")
    desk.tap("Save and go on")
    desk.tap("Whether the person responsible takes part")
    desk.choose("Do they agree to take part?", "Yes")
    desk.write("In their own words", "Yes, I will.")
    desk.tap("Save and go on")
    desk.tap("Contact with a victim")
    desk.choose("How did you try", "By telephone")
    desk.choose("What came of it?", "They were reached")
    desk.tap("Save and go on")
    desk.tap("What a victim says of it")
    desk.choose("What do they say", "They agree")
    desk.write("In their own words", "An apology, please.")
    desk.choose("Were they told what it is", "Yes")
    desk.choose("Were they asked which action", "Yes")
    desk.choose("How were they asked?", "By telephone")
    desk.shot("victim-view")
    desk.tap("Save and go on")


def allow(desk, crew, reference):
    """The officer records why, and a sergeant allows it."""
    for kind, words in (
        ("Earlier disposals were checked", "Nothing found."),
        ("A full rationale", "A first offence."),
    ):
        desk.tap("Record reasons and checks")
        desk.choose("What do you record?", kind)
        desk.write("In words", words)
        desk.tap("Save and go on")
    assert "A Sergeant may allow this" in desk.text(), desk.text()
    next_is(desk, "ask somebody to allow it")
    desk.pick_with("Whom do you ask?", crew.sergeant.username)
    desk.tap("Ask them")
    assert "Somebody who may allow it has been asked" in desk.text()

    desk.be(crew.sergeant)
    desk.go("/")
    desk.shot("queue-sergeant")
    desk.tap(reference)
    next_is(desk, "your guidance as a supervisor")
    desk.write("Your guidance", "Suitable: go ahead.")
    desk.tap("Save and go on")
    next_is(desk, "allow it")
    desk.write("Your reasons", "A first offence, admitted, and the shop agrees.")
    desk.tap("I have no part in this case")
    desk.shot("authorise")
    desk.tap("Allow it")
    assert "It may go ahead" in desk.text()


def carry_out(desk, crew, reference):
    """It is explained, agreed, done and closed."""
    desk.be(crew.officer)
    desk.go("/")
    desk.tap(reference)
    next_is(desk, "explain the consequences")
    desk.choose("Will the police keep a record", "Yes")
    desk.choose("Might an employer", "No")
    desk.tap("Save and go on")
    next_is(desk, "explain the consequences")  # they had not understood: it is explained again
    desk.choose("Will the police keep a record", "Yes")
    desk.choose("Might an employer", "Yes")
    desk.tap("Save and go on")
    next_is(desk, "what is agreed")
    desk.write("Thing 1: what will they do?", "Apologise to the manager")
    desk.choose("Thing 1: what is it for?", "To repair the harm")
    desk.date("Thing 1: by which day?", *parts(today() + dt.timedelta(days=14)))
    desk.write("Thing 1: what will show", "The officer hears it")
    desk.tap("Record the agreement")
    next_is(desk, "what was done")
    desk.choose("What became of it?", "It was done")
    desk.write("How is that known?", "Heard by the officer")
    desk.tap("Save and go on")
    next_is(desk, "everything agreed was done")
    desk.write("How is that known?", "Heard by the officer")
    desk.tap("Save and go on")
    next_is(desk, "close the case")
    desk.write("Your reasons", "Put right.")
    desk.tap("Close the case")
    assert "Outcome 8" in desk.text(), desk.text()
    desk.shot("closed-desk")


def parts(day):
    return day.day, day.month, day.year


def answer_all(page):
    """Answer every question about facts that is open: no to all but what makes it a case."""
    for folded in page.driver.find_elements(
        "css selector", "main form details:not([open]) summary"
    ):
        folded.click()
    yes = ("Is it a recorded crime", "Is there evidence enough", "Is it on the force's own list")
    for box in page.driver.find_elements("css selector", "fieldset"):
        legend = box.find_element("css selector", "legend").text
        labels = {one.text: one for one in box.find_elements("css selector", "label")}
        if set(labels) >= {"Yes", "No"}:
            labels["Yes" if legend.startswith(yes) else "No"].click()
        elif "Not related" in labels:
            labels["Not related"].click()
    for question in (
        "How many aggravating",
        "How many mitigating",
        "How many community resolutions",
    ):
        if question in page.text():
            page.write(question, "0")
    if "Where may the offence be tried?" in page.text():
        page.choose("Where may the offence be tried?", "Either way")

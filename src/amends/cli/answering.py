"""`amends answer`: a saved question answered from cases, as a letter and tables in which nobody can be identified."""

import argparse
import difflib
import getpass
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import date, datetime
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Final

from amends.cli.auditing import columns, showing
from amends.cli.deciding import day
from amends.cli.expecting import check
from amends.cli.minding import check_day, is_new, minded
from amends.cli.open_data import judge_open, memory, named_of, opened
from amends.cli.release import version
from amends.demo.inventing import CannotInvent, invent
from amends.demo.storing import CannotStore
from amends.disclosure.errors import DisclosureError
from amends.disclosure.folders import check_free
from amends.disclosure.tables import wrapped
from amends.intake.errors import IntakeError
from amends.intake.own_cases import NAME as CASES
from amends.intake.store import open_store
from amends.openness.answering import Answered, answer
from amends.openness.clock import OutsideCalendar, due
from amends.openness.cost import reading
from amends.openness.counted import Source, named, said
from amends.openness.editions import revised
from amends.openness.given import note
from amends.openness.giving import folder_of, give
from amends.openness.memory import of_day
from amends.openness.open_answering import answer_open
from amends.openness.partition import Judged
from amends.openness.questions import Question, questions
from amends.openness.reply import Frame, NotHeld, page, text
from amends.statistics.cases import open_cases

ERRORS: Final = (DisclosureError, IntakeError, CannotInvent, CannotStore)
REASON: Final = "Counts of one to four people, in a place and a year that others know, might let a person be recognised"
INVENTED_FORCE: Final = "Barsetshire Constabulary (invented)"
INVENTED_CONTACT: Final = "foi@barsetshire.example"


def arguments(parser: argparse.ArgumentParser, command: str) -> None:
    """Add the arguments of `answer`."""
    add = parser.add_argument
    add("question", nargs="?", metavar="QUESTION", help="its id; --list tells them")
    add("--list", action="store_true", help="the questions, what each asks and what it costs")
    add(
        "--check",
        action="store_true",
        help="whether it, or all, answer the invented force as expected",
    )
    add("--period", type=_period, metavar="FROM..TO", help="days of decision (default: all)")
    add("--force", metavar="FORCE", help="of open data: the force, where there are several")
    add("--out", type=Path, metavar="DIR", help="a new folder for the letter and the release")
    add("--received", type=day, metavar="DATE", help="the day on which the request came")
    add(
        "--since",
        type=day,
        metavar="DATE",
        help="of records that changed: the day of the answers before",
    )
    source_arguments(parser)
    parser.epilog = (
        "Without --cases it answers from an invented force, and says so. With --cases give --answers, "
        "--publisher and --contact, too: what was answered before decides what may be told now. A question on open "
        "data needs a --store that `amends import police-uk-street` or `police-uk-outcomes` filled, and no more."
    )


def source_arguments(parser: argparse.ArgumentParser) -> None:
    """Add what says from which cases figures are made, by whom, and who judges what is withheld."""
    add = parser.add_argument
    add(
        "--cases",
        type=Path,
        metavar="FILE.parquet",
        help="a row a case (default: an invented force)",
    )
    add("--store", type=Path, metavar="STORE", help="a store that `amends import` filled")
    add(
        "--as-at",
        type=day,
        metavar="DATE",
        help="the day as at which the cases are (default: today)",
    )
    add("--answers", type=Path, metavar="DIR", help="the folder that remembers every answer")
    add("--publisher", metavar="NAME", help="who answers")
    add("--contact", metavar="WORDS", help="where to write to")
    add(
        "--judged-by", metavar="NAME", help="who judged what is withheld (default: whoever you are)"
    )
    add("--reason", help="why small counts are withheld, or are not")
    add(
        "--threshold",
        type=int,
        metavar="N",
        help="the least count that is told (default: 5; of open data every count is told)",
    )


def _period(text: str) -> tuple[date, date]:
    first, dots, last = text.partition("..")
    if not dots:
        raise argparse.ArgumentTypeError("Write 2011-04-01..2014-03-31.")
    return day(first), day(last)


def run(args: argparse.Namespace, command: str) -> int:
    """Answer, or list what can be asked."""
    if args.list:
        print(*_listed(), sep="\n")
        return 0
    if args.check:
        return check(_checkable(args.question))
    question = _question(args.question)
    if question.not_held and not (question.on and args.store):
        return _not_held(args, question)
    if args.out is None:
        raise DisclosureError("--out", "is missing", "Name a new folder for the letter.")
    check_free(args.out)
    today = datetime.now().astimezone().date()
    _check_received(args.received, today)
    new = is_new(args.answers)
    with answered(args, question, today) as found:
        given = give(found, today, args.received, version())
        note(found.memory, question.id, given.files, args.received)
        folder_of(args.out, given.files)
        print(*_told(args, found, given.letter.told), sep="\n")
        for sentence in minded(found, args.answers, args.as_at, new=new):
            print(*wrapped(f"Mind: {sentence}", columns(), "  "), sep="\n")
    return 0


def _not_held(args: argparse.Namespace, question: Question) -> int:
    """Say that it is not held; with --out as a letter, too."""
    told = [*wrapped(f"{question.title}: {question.not_held}", columns())]
    if args.out is not None:
        check_free(args.out)
        today = datetime.now().astimezone().date()
        _check_received(args.received, today)
        named_ = [one for one in ("cases", "store", "publisher") if getattr(args, one) is not None]
        if named_:
            _need(args, "publisher", "contact")
        frame = Frame(
            question.title, args.publisher or INVENTED_FORCE, args.contact or INVENTED_CONTACT,
            today, not named_,
        )  # fmt: skip
        letter = NotHeld(question=question, frame=frame, received=args.received)
        files = {"letter.txt": text(letter).encode(), "letter.html": page(letter).encode()}
        folder_of(args.out, files)
        told.append(f"Written to {args.out}: letter.txt and letter.html, which say so.")
    print(*told, sep="\n")
    return 1


def _need(args: argparse.Namespace, *options: str) -> None:
    for option in options:
        if getattr(args, option) is None:
            raise DisclosureError(
                f"--{option}", "is missing", "It is needed to answer from cases of your own."
            )


@contextmanager
def answered(args: argparse.Namespace, question: Question, today: date) -> Iterator[Answered]:
    """The answer to *question*, from cases or from open data as it asks, while its folders are there."""
    if question.on:
        judged = judge_open(args, question, today)
        with opened(args, question) as (data, answers), showing() as step:
            found = answer_open(question, data, answers, judged, args.period, step)
            yield found
        return
    if args.force:
        raise DisclosureError("--force", "goes not with cases", "They are of one force.")
    with sourced(args) as (source, answers):
        judged = judge(args, today)
        of = revised(source, of_day(answers, args.since)) if args.since else source
        with showing() as step:
            found = answer(question, of, answers, judged, args.period, step)
        yield found


def _check_received(received: date | None, today: date) -> None:
    """Raise DisclosureError where a request cannot have come on this day, before anything is counted."""
    if received is None:
        return
    if received > today:
        raise DisclosureError("--received", f"is {received}", "That day is still to come.")
    try:
        due(received)
    except OutsideCalendar as error:
        raise DisclosureError("--received", str(error)) from None


def _checkable(name: str | None) -> Sequence[Question]:
    """The question of this *name*, or all, of which the invented force has an answer."""
    if not name:
        return tuple(questions().values())
    question = _question(name)
    if not question.of_cases:
        raise DisclosureError(
            f"question {name}", "has no answer on the invented force",
            "It is not held, or it is asked of open data.",
        )  # fmt: skip
    return (question,)


def _question(name: str | None) -> Question:
    known = questions()
    if name in known:
        return known[name or ""]
    near = difflib.get_close_matches(name or "", list(known), 1, 0.4)
    hint = f" Is it {near[0]}?" if near else ""
    raise DisclosureError(
        "QUESTION", f"there is no question {name!r}" if name else "is missing",
        f"`amends answer --list` tells them.{hint}",
    )  # fmt: skip


def judge(args: argparse.Namespace, on: date) -> Judged:
    """Who judges what is withheld, and why, as the command line says it."""
    least = 5 if args.threshold is None else args.threshold
    if least == 1 and args.reason is None:
        raise DisclosureError("--reason", "is missing", "Say why small counts are not withheld.")
    return Judged(
        least,
        REASON if args.reason is None else args.reason,
        args.judged_by or getpass.getuser(),
        on,
        named_of(args),
    )


@contextmanager
def sourced(args: argparse.Namespace) -> Iterator[tuple[Source, Path]]:
    """The cases that the command line names, or an invented force, and the folder that remembers answers."""
    if args.store is not None:
        args.cases, args.as_at = _stored(args)
    as_at = args.as_at or datetime.now().astimezone().date()
    with TemporaryDirectory(prefix="amends-answer-") as name:
        path = args.cases
        if path is None:
            path = Path(name) / "invented.parquet"
            with showing() as step:
                invent(path, progress=lambda done, of: step("inventing", done, of))
        else:
            _need(args, "answers", "publisher", "contact")
        title = str(args.store) if args.store else ""  # and not the name of a file within it
        with open_cases(path, title=title) as cases:
            invented = cases.invented > 0
            called = named(path if args.store is None else args.store)
            source = Source(
                called, cases, as_at, invented,
                args.publisher or INVENTED_FORCE, args.contact or INVENTED_CONTACT,
            )  # fmt: skip
            if path is args.cases:
                check_day(source, datetime.now().astimezone().date())
            answers = args.answers or Path(name) / "answers"
            memory(answers)
            yield source, answers


def _stored(args: argparse.Namespace) -> tuple[Path, date]:
    """The cases of the store that the command line names, and the day as at which they are."""
    if args.cases is not None:
        raise DisclosureError("--store", "goes not with --cases", "Name one of the two.")
    store = open_store(args.store)
    if CASES not in store.sets:
        known = ", ".join(store.sets) or "nothing"
        raise DisclosureError(
            str(args.store), f"holds no cases, and what is asked is of cases; it holds {known}",
            "Fill one with `amends import cases`, or ask one of the questions on open data (`amends answer --list`).",
        )  # fmt: skip
    held = store.held(CASES)
    held.check()
    return held.parquet, args.as_at or date.fromisoformat(held.as_at)


def _listed() -> Iterator[str]:
    for one in questions().values():
        cost = "not held" if one.not_held else "in fields: no file has to be read"
        if one.on and one.not_held:
            cost = (
                f"not held; answered as open data from a store that `amends import {one.on}` filled"
            )
        elif one.on:
            cost = f"open data: from a store that `amends import {one.on}` filled"
        if one.minutes:
            today = datetime.now().astimezone().date()
            by = "illustrative" if one.illustrative else f"reckoned by {one.minutes_from}"
            cost = f"in fields, but for what stands in words: {reading(one.minutes, one.records, today)}; {by}"
        yield f"{one.id}  ({cost})"
        yield from wrapped(f"    {one.asked}", columns(), "    ")


def _withheld(found: Answered) -> str:
    if not found.withheld:
        return f"None of the {found.figures:,} figures had to be withheld."
    are = "is" if found.withheld == 1 else "are"
    return f"{found.withheld:,} of {found.figures:,} figures {are} withheld, so that nobody can be identified."


def _judged_then(found: Answered) -> str:
    """How what is told again was judged when it was told first."""
    one = found.releases[0]
    return f"As it was judged then, counts below {one.threshold} are withheld. {one.reason}."


def _told(args: argparse.Namespace, found: Answered, told: tuple[str, ...]) -> Iterator[str]:
    if found.source.invented:
        yield "INVENTED: every person, record and case is made up."
    for sentence in told:
        yield from wrapped(sentence, columns())
    if found.releases[0].threshold == 1:
        yield from wrapped(f"No figure is withheld. {found.releases[0].reason}.", columns())
    else:
        yield _withheld(found)
    if found.withheld > found.figures / 10:
        yield "  More than one in ten: by year alone, or by fewer groups, more could be told."
    if found.again:
        on = max(one.made for one in found.releases)
        yield f"Already answered on {said(on)}: the same figures are told, unchanged."
        if found.releases[0].threshold > 1:
            yield from wrapped(_judged_then(found), columns())
    yield f"Written to {args.out}: letter.txt, letter.html, and the release with every table."
    if args.answers is not None:
        yield f"Next, once it was read: amends attach {args.out} --to REFERENCE --answers {args.answers}"

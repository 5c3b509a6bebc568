"""The letters that lie in the folder of a machine: for a demo to show, and to print for whoever hands one over."""

from amends.accounts.models import Force
from amends.notices import tasks
from amends.notices.models import Message
from amends.notices.sending import REFERENCE, folder


def written(most: int) -> list[tuple[str, Message]]:
    """The newest letters in the folder, *most* at most: the name of each file, and its message."""
    names = {path.stem: path.name for path in folder().folder.glob("[!.]*") if path.is_file()}
    found = Message.objects.filter(reference__in=list(names)).order_by("-sent_at", "-pk")
    return [(names[one.reference], one) for one in found[:most]]


def read(name: str) -> str | None:
    """The text of the letter called *name*; None where there is none."""
    stem, _, kind = name.rpartition(".")
    if kind not in ("html", "txt") or not REFERENCE.fullmatch(stem):
        return None
    place = folder().folder / name
    return place.read_text("utf-8") if place.is_file() else None


def to_hand_over(force: Force, case: str, task: int) -> str | None:
    """The page of the letter that *task* is to hand over; None where none lies ready."""
    found = tasks.of_case(force, case).filter(pk=task, message__channel="folder")
    message = next((one.message for one in found.select_related("message")), None)
    return read(f"{message.reference}.html") if message else None

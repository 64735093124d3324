"""What is told in one line if it happens often within an hour: the sentence of many, and the page
that lists them. What is not in this table always has a line of its own.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any, NamedTuple
from urllib.parse import urlencode

from django.urls import reverse
from django.utils.translation import ngettext

from community.news import Link
from community.querysets.follows import MOST_COUNTED

if TYPE_CHECKING:
    from accounts.models import Activity

SPAN = 3_600  # seconds that one line covers, from the full hour
THREAD_VERB = "post.written"  # gathered by thread, whoever wrote


class Gathered(NamedTuple):
    """How many activities of a verb are told: the sentence for a number of them, with `number`
    and `thing` in it, and the list that can be asked for those of a hub.
    """

    sentence: Callable[[int], str]
    page: str = ""


# fmt: off
GATHERED: dict[str, Gathered] = {
    "adoption.confirmed": Gathered(lambda number: ngettext(
        "%(number)s time somebody works with it now: %(thing)s",
        "%(number)s times somebody works with it now: %(thing)s", number)),
    "block.published": Gathered(lambda number: ngettext(
        "%(number)s new building block: %(thing)s",
        "%(number)s new building blocks: %(thing)s", number)),
    "entry.archived": Gathered(lambda number: ngettext(
        "%(number)s experience set aside in the archive: %(thing)s",
        "%(number)s experiences set aside in the archive: %(thing)s", number)),
    "entry.published": Gathered(lambda number: ngettext(
        "%(number)s experience published: %(thing)s",
        "%(number)s experiences published: %(thing)s", number), "catalogue:entry_list"),
    "event.published": Gathered(lambda number: ngettext(
        "%(number)s new event: %(thing)s",
        "%(number)s new events: %(thing)s", number), "community:event_list"),
    "exchange.moved": Gathered(lambda number: ngettext(
        "%(number)s exchange has come further: %(thing)s",
        "%(number)s exchanges have come further: %(thing)s", number), "evaluation:exchange_list"),
    "exchange.published": Gathered(lambda number: ngettext(
        "%(number)s exchange published: %(thing)s",
        "%(number)s exchanges published: %(thing)s", number), "evaluation:exchange_list"),
    "fact.added": Gathered(lambda number: ngettext(
        "%(number)s new fact about %(thing)s",
        "%(number)s new facts about %(thing)s", number)),
    "fact.changed": Gathered(lambda number: ngettext(
        "%(number)s changed fact about %(thing)s",
        "%(number)s changed facts about %(thing)s", number)),
    "fact.removed": Gathered(lambda number: ngettext(
        "%(number)s fact taken out about %(thing)s",
        "%(number)s facts taken out about %(thing)s", number)),
    "framework.published": Gathered(lambda number: ngettext(
        "%(number)s results framework published: %(thing)s",
        "%(number)s results frameworks published: %(thing)s", number), "evaluation:framework_list"),
    "hub.changed": Gathered(lambda number: ngettext(
        "%(number)s change of the page: %(thing)s",
        "%(number)s changes of the page: %(thing)s", number)),
    "post.written": Gathered(lambda number: ngettext(
        "%(number)s new post in: %(thing)s",
        "%(number)s new posts in: %(thing)s", number)),
    "resource.published": Gathered(lambda number: ngettext(
        "%(number)s new resource: %(thing)s",
        "%(number)s new resources: %(thing)s", number), "catalogue:resource_list"),
    "story.published": Gathered(lambda number: ngettext(
        "%(number)s impact story published: %(thing)s",
        "%(number)s impact stories published: %(thing)s", number), "evaluation:story_list"),
    "thread.begun": Gathered(lambda number: ngettext(
        "%(number)s new thread: %(thing)s",
        "%(number)s new threads: %(thing)s", number)),
}
# fmt: on


def line_of(activity: Activity, followed: Link, nearest: Link, *, is_quiet: bool) -> str:
    """Return the name of the line in which a notice of an activity stands, "" for one of its own.

    One line is what one member did, of one verb, under the thing for which one is told
    (`followed`), within one hour; of posts, what anybody wrote in one thread (`nearest`).
    """
    if activity.verb not in GATHERED or activity.actor_id is None:
        return ""
    in_thread = activity.verb == THREAD_VERB
    kind, pk = nearest if in_thread else followed
    actor = 0 if in_thread else activity.actor_id
    hour = int(activity.at.timestamp()) // SPAN
    return f"{kind}:{pk}:{activity.verb}:{actor}:{hour}:{int(is_quiet)}"


def thing_of(line: str) -> Link:
    """Return what the notices of a line are gathered under."""
    kind, pk, _rest = line.split(":", 2)
    return kind, int(pk)


def doing_of(line: str) -> tuple[str, int]:
    """Return the verb of a line and who did it, 0 for anybody."""
    _kind, _pk, verb, actor, *_rest = line.split(":")
    return verb, int(actor)


def sentence_of_many(verb: str, number: int, thing: Any) -> str:
    """Return what happened so many times, in the reader's language."""
    shown = str(number) if number < MOST_COUNTED else f"{MOST_COUNTED - 1}+"
    return GATHERED[verb].sentence(number) % {"number": shown, "thing": thing}


def address_of_many(verb: str, kind: str, thing: Any) -> str:
    """Return where they can be seen: the list of those of a hub, or the page of the thing."""
    page = GATHERED[verb].page
    if page and kind == "hub" and thing.is_published:
        return f"{reverse(page)}?{urlencode({'hub': thing.slug})}"
    if kind == "thread":
        return reverse("community:thread_unread", args=[thing.pk])
    return str(thing.get_absolute_url())

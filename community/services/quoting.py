"""What a mail says of a post besides that it was written: its words, and how to answer them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, Any, NamedTuple, TypeAlias

from django.utils.translation import gettext as _

from community.models import Post
from community.news import model_of
from community.reply_addresses import reply_address
from core.incoming_mail import CUT

if TYPE_CHECKING:
    from accounts.models import Activity, Member

MOST_QUOTED = 1_500  # characters of a post


class Quoted(NamedTuple):
    """A post that is told of."""

    post: int
    author: str
    text: str


Written: TypeAlias = Mapping[int, Quoted]  # by activity


def written_in(activities: Iterable[Activity]) -> Written:
    """Return the posts that activities are about, as far as they are shown; one query at most."""
    about = {each.pk: each.object_pk for each in activities if model_of(each) == "community.Post"}
    if not about:
        return {}
    rows: Any = Post.objects.shown().filter(pk__in=set(about.values()))
    found = {
        pk: Quoted(pk, author, text)
        for pk, author, text in rows.values_list("pk", "author__name", "text")
    }
    return {activity: found[pk] for activity, pk in about.items() if pk in found}


def said_of(
    quoted: Quoted | None, member: Member, text: str, *, names_address: bool = False
) -> str:
    """Return `text` of a mail to `member` with the words of the post, and how to answer it;
    `names_address`: where one mail tells of many posts, each has its own.
    """
    if quoted is None:
        return text
    words = quoted.text.strip()
    if len(words) > MOST_QUOTED:
        words = f"{words[:MOST_QUOTED].rstrip()} …"
    text = f"{text}\n\n{quoted.author}:\n{words}"
    address = reply_address(quoted.post, member.pk)
    if not address:
        return text
    if names_address:
        how = _("Answer by mail: %(address)s") % {"address": address}
        return f"{text}\n\n{how}"
    how = _("Answer this mail, above this line, to answer the post.")
    return f"{CUT} {how} {CUT}\n\n{text}"

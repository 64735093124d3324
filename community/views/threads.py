"""Threads: the list, and a thread page by page."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from http import HTTPStatus
from typing import Any

from django.core.paginator import Paginator
from django.db.models import F, Max, QuerySet
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.timezone import localtime
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_safe

from catalogue.views.faceted import FacetedListView
from community.filters.threads import ABOUT_LABELS, ThreadFilter
from community.models import ABOUT, Post, PostDraft, PostFile, Thread, ThreadState, UsefulMark
from community.serializers.talk import THREAD_COLUMNS, THREADS, rows_of
from community.services.reading import read_up_to
from community.services.viewing import note_view
from core.api.pagination import OrderKey
from core.cursor_pages import CursorPage, cursor_page
from core.http import root_of, visitor_of
from core.shared_pages import shared_page
from core.text import harmless
from core.views import ADDRESS_MEANINGS, PAGE_SIZE, dictionary, page_number
from hubs.models import Hub

POSTS = 20  # on a page of a thread
THREAD_MEANINGS = {
    "id": _("Number of the thread; never changes."),
    "title": _("Title, in the language of the thread."),
    "space": _("The space: its name in addresses; empty: comments on a page."),
    "kind": _("discussion, question, story, announcement or consultation."),
    "about": _("Kind of thing that it is about; empty: nothing else."),
    "about_slug": _("Name of that thing in addresses."),
    "language": _("Language of the title."),
    "author": _("Who began it: their name in addresses."),
    "state": _("open or closed."),
    "is_pinned": _("Whether it stands on top of its space."),
    "is_locked": _("Whether only moderators write in it."),
    "closes_on": _("The last day of a consultation."),
    "accepted_post": _("Number of the post that answers the question."),
    "summary": _("What came of it."),
    "posts": _("How many posts are shown."),
    "views": _("How often it was looked at: once by each visitor on a day."),
    "begun_at": _("When it was begun (UTC)."),
    "last_post_at": _("When somebody wrote in it last (UTC)."),
}
_POST_VALUES = (
    *("pk", "number", "author", "author__name", "author__slug", "html", "state", "written_at"),
    *("edited_at", "useful_count", "removed_reason", "answers__number", "answers__pk", "version"),
)


class ThreadListView(FacetedListView):
    """/community/threads/: every thread that the reader may see; as page, fragment, feed, CSV."""

    filterset_class = ThreadFilter
    template_name = "community/thread_list.html"
    results_template_name = "community/_thread_fragment.html"
    facets = {"space": ("space__slug", False), "kind": ("kind", False), "open": ("state", False)}
    orders = {"last_post_at": F("last_post_at"), "begun_at": F("created_at")}
    order_menu = (
        ("-last_post_at", _("Written in last")),
        ("-begun_at", _("Begun last")),
    )
    columns = dictionary(THREAD_COLUMNS, THREAD_MEANINGS | ADDRESS_MEANINGS)
    feed_order = "last_post_at"

    def get_queryset(self) -> QuerySet[Any]:
        return Thread.objects.visible_to(self.request.user).listed()

    def export_rows(self, things: QuerySet[Any]) -> Iterable[Mapping[str, object]]:
        return rows_of(THREADS, things, root=root_of(self.request))

    def feed_things(self) -> Iterable[Any]:
        found: Any = super().feed_things()
        return found.select_related("space")  # type: ignore[no-any-return]

    def as_listed(self, things: QuerySet[Any]) -> QuerySet[Any]:
        """Return `things` with what a row shows."""
        found: Any = things
        listed: QuerySet[Any] = found.with_read(self.request.user).for_list()
        return listed

    def ordered(self, things: QuerySet[Any]) -> QuerySet[Any]:
        return super().ordered(self.as_listed(things)) if self._is_file() else things

    def _is_file(self) -> bool:
        return bool(self.request.GET.get("export"))

    def page_of(self, things: QuerySet[Any], count: int | None = None) -> Any:
        order = self.order_key()
        key = OrderKey(self.orders[order.removeprefix("-")], "time")
        listed = self.as_listed(things)
        page: CursorPage = cursor_page(self.request, listed, order=order, key=key, size=PAGE_SIZE)
        return page

    def get_context(self, things: QuerySet[Any], *, is_valid: bool) -> dict[str, Any]:
        context = super().get_context(things, is_valid=is_valid)
        page = context["page_obj"]
        return context | {
            "facets": list(self.facet_list()),
            "previous_url": page.previous_url,
            "next_url": page.next_url,
        }


@require_safe
def thread_detail(request: HttpRequest, place: str, pk: int, slug: str) -> HttpResponseBase:
    """/community/<space>/<number>-<title>/: a thread, twenty posts a page."""
    response = _thread_page(request, place=place, pk=pk, slug=slug)
    if response.status_code in (HTTPStatus.OK, HTTPStatus.NOT_MODIFIED):
        note_view(pk, visitor_of(request))
    return response


@shared_page
def _thread_page(request: HttpRequest, *, place: str, pk: int, slug: str) -> HttpResponse:
    user = request.user
    alone = Thread.objects.alone(get_object_or_404(Thread.objects.only(*ABOUT), pk=pk))
    seen = alone.visible_to(user).with_read(user)
    thread: Any = get_object_or_404(seen.select_related("space", *alone.asked_kinds()))
    target = thread.merged_into or thread
    if request.path != (address := target.get_absolute_url()):
        query = request.META["QUERY_STRING"]
        return redirect(f"{address}?{query}" if query else address)
    moderates = user.is_authenticated and alone.moderated_by(user).exists()
    pages = Paginator(range(_last(thread, user, moderates=moderates)), POSTS)
    page = pages.get_page(page_number(request))
    posts = _posts(thread, user, page.start_index(), moderates=moderates)
    context = {
        "thread": thread,
        "about": about_of(thread),
        "summary": harmless(thread.summary_html),
        "accepted": _accepted(thread) if page.number == 1 else None,
        "splits": _seen_splits(thread, user),
        "split_from": _seen_origin(thread, user),
        "posts": posts,
        "page_obj": page,
        **_rights(thread, user, moderates=moderates),
    }
    if user.is_authenticated and posts:
        context |= _of_member(thread, user, posts)
    return render(request, "community/thread_detail.html", context)


def _last(thread: Any, user: Any, *, moderates: bool) -> int:
    """Return the number of the last post that the reader is shown, or more where they moderate:
    not even a page more tells others of what waits.
    """
    if moderates:
        return int(thread.last_number)
    if not user.is_authenticated:
        return int(thread.last_shown)
    own = Post.objects.held().filter(thread=thread, author=user.pk)
    return int(max(thread.last_shown, own.aggregate(last=Max("number"))["last"] or 0))


def about_of(thread: Any) -> dict[str, Any] | None:
    """Return what a thread is about, to be named; None for nothing else."""
    for name in ABOUT:
        thing = getattr(thread, name) if getattr(thread, f"{name}_id") else None
        if thing is not None:
            label = ABOUT_LABELS[name]
            return {"label": label, "name": str(thing), "url": thing.get_absolute_url()}
    return None


def _seen_splits(thread: Any, user: Any) -> list[Any]:
    """Return what was split off and the reader may see; one query where nothing was."""
    if not Thread.objects.filter(split_from=thread).exists():
        return []
    return list(Thread.objects.visible_to(user).filter(split_from=thread).order_by("pk"))


def _seen_origin(thread: Any, user: Any) -> Any:
    if thread.split_from_id is None:
        return None
    return Thread.objects.visible_to(user).filter(pk=thread.split_from_id).first()


def _accepted(thread: Any) -> dict[str, Any] | None:
    if thread.accepted_id is None:
        return None
    found = Post.objects.shown().filter(pk=thread.accepted_id)
    row: Any = found.values("pk", "number", "html", "author__name", "author__slug").first()
    return row and {**row, "html": harmless(row["html"])}


def _posts(thread: Any, user: Any, start: int, *, moderates: bool) -> list[dict[str, Any]]:
    """Return the posts numbered from `start` on, as the page shows them; two queries.

    What takes a template long for each post is made here once for all.
    """
    numbers = (start, start + POSTS - 1)
    found = Post.objects.filter(thread=thread, number__range=numbers)
    rows = list(
        found.in_thread_for(user, is_moderator=moderates).order_by("number").values(*_POST_VALUES)
    )
    files: dict[int, list[Any]] = {}
    for each in PostFile.objects.filter(post__in=[row["pk"] for row in rows]).order_by("pk"):
        files.setdefault(each.post_id, []).append(each)
    label = gettext("Post %(number)d by %(name)s")
    for row in rows:
        is_shown = row["state"] != "removed"
        row["label"] = label % {"number": row["number"], "name": row["author__name"]}
        row["written_at"] = localtime(row["written_at"])
        row["machine_time"] = row["written_at"].isoformat()
        row["html"] = harmless(row["html"]) if is_shown else ""
        row["files"] = files.get(row["pk"], []) if is_shown else []
        row["is_own"] = row["author"] == user.pk
    return rows


def _rights(thread: Any, user: Any, *, moderates: bool) -> dict[str, bool]:
    if not user.is_authenticated or not user.takes_part:
        return {}
    is_author = thread.author_id == user.pk
    alone = Thread.objects.alone(thread)
    return {
        "moderates": moderates,
        "can_reply": alone.replyable_by(user).exists(),
        "can_edit": (is_author or moderates) and alone.editable_by(user).exists(),
        "can_close": (is_author or moderates) and alone.closable_by(user).exists(),
        "can_reopen": moderates and thread.state == ThreadState.CLOSED,
        "can_draft": Hub.objects.open_to_author(user).exists(),
        "can_answer": thread.kind == "question" and (moderates or is_author),
    }


def _of_member(thread: Any, user: Any, posts: list[dict[str, Any]]) -> dict[str, Any]:
    """Return what is the member's own of this page; note how far they have read."""
    keys = [row["pk"] for row in posts]
    marked = set(
        UsefulMark.objects.filter(member=user.pk, post__in=keys).values_list("post", flat=True)
    )
    for row in posts:
        row["is_marked"] = row["pk"] in marked
        row["is_unread"] = row["number"] > thread.read_number and not row["is_own"]
    last = min(posts[-1]["number"], thread.last_shown)
    if last > thread.read_number:
        read_up_to(thread, last, by=user)
    draft = PostDraft.objects.filter(member=user.pk, thread=thread).first()
    return {"draft": draft, "first_unread": _first_unread(posts)}


def _first_unread(posts: list[dict[str, Any]]) -> int | None:
    return next((row["number"] for row in posts if row["is_unread"]), None)


@require_safe
def thread_unread(request: HttpRequest, pk: int) -> HttpResponse:
    """/community/threads/<number>/unread/: on to the first post that the member has not read."""
    user = request.user
    thread: Any = get_object_or_404(
        Thread.objects.visible_to(user).with_read(user).select_related("space"), pk=pk
    )
    number = min(thread.read_number + 1, max(thread.last_shown, 1))
    return redirect(place_of(thread, number))


def place_of(thread: Any, number: int) -> str:
    """Return the address of post `number` of a thread, on its page."""
    page = (number - 1) // POSTS + 1
    query = f"?page={page}" if page > 1 else ""
    return f"{thread.get_absolute_url()}{query}#post-{number}"

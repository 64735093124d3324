"""A member's notices, and what they follow."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

from django.contrib import messages
from django.contrib.auth.views import redirect_to_login
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST, require_safe

from accounts.http import signed_in_member
from accounts.models import MailAddress, MailKind, Member
from community.followed import KINDS
from community.forms.notices import FollowForm
from community.models import Follow, FollowLevel, Notification
from community.news import thing_of
from community.serializers.notices import NOTICE_COLUMNS, NOTICE_MEANINGS, notice_rows
from community.services.following import follow as follow_thing
from community.services.following import stop_following
from community.services.notice_lines import Line, lines_of
from community.services.notice_reading import read_by
from community.services.notices import mark_all_read, mark_line_read
from core.csv import stream_csv, stream_dictionary
from core.form_pages import form_page
from core.http import root_of
from core.once import once
from core.typed import sign_in_first

PAGE_SIZE = 25
MAX_DIGITS = 18  # of a bigint
DONE = {
    FollowLevel.WATCH: gettext_lazy("You follow it now."),
    FollowLevel.DIGEST: gettext_lazy("You follow it now, by mail only."),
    FollowLevel.MUTE: gettext_lazy("You are told nothing of it from now on."),
    None: gettext_lazy("You do not follow it any more."),
}


@require_safe
def notification_list(request: HttpRequest) -> HttpResponseBase:
    """/community/notifications/: what I was told, newest first, by position; also as CSV."""
    if not request.user.is_authenticated:
        return redirect_to_login(request.get_full_path())
    member = _taking_part(request)
    is_all = request.GET.get("show") == "all"
    own: Any = Notification.objects.filter(member=member.pk)
    own = own if is_all else own.unread()
    export = request.GET.get("export")
    if export == "dictionary":
        return stream_dictionary("notices-dictionary.csv", NOTICE_MEANINGS)
    if export == "csv":
        return _csv(request, member, own)
    before = _number(request.GET.get("before", ""))
    rows = list(own.of_newest_lines(PAGE_SIZE + 1, before=before).for_list())
    newest: dict[str, int] = {}
    for row in rows:
        newest.setdefault(row.folded, row.pk)
    positions = list(newest.values())[:PAGE_SIZE]
    shown = [row for row in rows if newest[row.folded] in set(positions)]
    lines = lines_of(read_by(member, shown), {member.pk: member})
    context = {
        "lines": [_line(line) for line in lines],
        "is_all": is_all,
        "tabs": [
            {"url": request.path, "label": _("Unread"), "is_current": not is_all},
            {"url": f"{request.path}?show=all", "label": _("All"), "is_current": is_all},
        ],
        "up_to": positions[0] if positions and not before else None,
        "older": positions[-1] if len(newest) > PAGE_SIZE else None,
        "pace": member.mail_pace(MailKind.NEWS).label,
        "is_dead": MailAddress.objects.dead().filter(address=member.email).exists(),
    }
    return render(request, "community/notification_list.html", context)


def _taking_part(request: HttpRequest) -> Member:
    """Return who asks; `PermissionDenied` for those who take no part yet."""
    member = signed_in_member(request)
    if not member.takes_part:
        raise PermissionDenied
    return member


def _csv(request: HttpRequest, member: Member, own: Any) -> HttpResponseBase:
    models = Notification.objects.models_of(member)
    found = own.filter(pk__in=Notification.objects.visible_to(member, models).values("pk"))
    return stream_csv("notices.csv", NOTICE_COLUMNS, notice_rows(found, root=root_of(request)))


def _line(line: Line) -> dict[str, Any]:
    return {
        "notice": line.newest,
        "text": line.text,
        "address": line.address,
        "at": line.activity.at,
        "is_unread": line.is_unread,
    }


def _number(text: str) -> int:
    """Return the number of a notice that an address names; 0 for anything else."""
    is_number = text.isascii() and text.isdigit() and len(text) <= MAX_DIGITS
    return int(text) if is_number else 0


@require_POST
def notification_read(request: HttpRequest) -> HttpResponse:
    """/community/notifications/read/: one notice, or all that were shown, are read."""
    if not request.user.is_authenticated:
        return redirect_to_login(reverse("community:notification_list"))
    member = _taking_part(request)
    one, up_to = (_number(request.POST.get(name, "")) for name in ("notice", "up_to"))
    if one:
        mark_line_read(one, by=member)
    elif up_to:
        number = mark_all_read(by=member, up_to=up_to)
        if number:
            messages.success(request, _("All are marked as read."))
    return redirect("community:notification_list")


@require_safe
@sign_in_first
def news_page(request: HttpRequest, pk: int) -> HttpResponse:
    """/community/notifications/about/<activity>/: on to what I was told of, if I may read it now.

    The address of what is confidential stands in no record, which can never be altered.
    """
    member = _taking_part(request)
    own = Notification.objects.filter(member=member.pk, activity=pk)
    found = read_by(member, own.select_related("activity"))
    if not found:
        raise Http404
    return redirect(thing_of(found[0].activity))


@require_safe
@sign_in_first
def following(request: HttpRequest) -> HttpResponse:
    """/community/following/: what I follow, and how closely."""
    member = _taking_part(request)
    kinds = Follow.objects.kinds_of(member)
    follows = Follow.objects.visible_to(member, kinds).with_things() if kinds else ()
    context = {"lines": list(_followed(follows)), "pace": member.mail_pace(MailKind.NEWS).label}
    return render(request, "community/following.html", context)


def _followed(follows: Iterable[Any]) -> Iterator[dict[str, Any]]:
    for each in follows:
        thing = each.thing
        kind = KINDS[each.kind]
        yield {
            "follow": each,
            "thing": thing,
            "kind": kind.label,
            "address": reverse("community:follow", args=[kind.name, getattr(thing, kind.key)]),
        }


@sign_in_first
@once
def follow(request: HttpRequest, kind: str, key: str) -> HttpResponse:
    """/community/follow/<kind>/<key>/: how closely I follow one thing."""
    thing = _thing(signed_in_member(request), kind, key)
    member = _taking_part(request)
    own: Any = Follow.objects.filter(member=member.pk, **{kind: thing.pk})
    level = own.values_list("level", flat=True).first()

    def make(typed: Any) -> FollowForm:
        return FollowForm(typed, initial={"level": level or FollowLevel.WATCH})

    def save(form: FollowForm) -> str:
        chosen = form.chosen()
        if chosen is None:
            stop_following(thing, by=member)
        else:
            follow_thing(thing, level=chosen, by=member)
        return str(DONE[chosen])

    context = {"thing": thing, "kind_label": KINDS[kind].label, "level": level}
    done, template = thing.get_absolute_url(), "community/follow_form.html"
    return form_page(request, make, save, context, done=done, template=template)


def _thing(member: Member, kind: str, key: str) -> Any:
    found = KINDS.get(kind)
    if found is None:
        raise Http404
    column = found.key
    if column == "pk" and not _number(key):
        raise Http404
    return get_object_or_404(found.things.visible_to(member), **{column: key})

"""Announcements for those who write them: list, draft, preview, test, sending, progress, stop."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied, ValidationError
from django.db.models import F, QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.decorators import method_decorator
from django.utils.formats import number_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views.decorators.http import require_POST, require_safe

from accounts.http import signed_in_member
from accounts.models import Member
from community.filters.announcements import AnnouncementFilter
from community.forms.announcements import AnnouncementForm
from community.models import Announcement
from community.querysets.announcements import is_announcing, meant_by, reach_of
from community.serializers.announcements import ANNOUNCEMENT_COLUMNS, ANNOUNCEMENTS
from community.serializers.talk import rows_of
from community.services import announcements as services
from community.services.announcement_mail import direction_of, mail_to, parts_of
from community.services.segments import is_everybody, words_of
from core.errors import DomainError
from core.form_pages import form_page
from core.http import root_of, sent_version
from core.once import once
from core.text import render_markdown
from core.typed import sign_in_first, sign_in_then
from core.views import ADDRESS_MEANINGS, FilteredListView, dictionary
from hubs.models import Hub
from hubs.views.form_pages import writes

FORM = "community/announcements/form.html"
MEANINGS = {
    "id": gettext_lazy("Number of the announcement."),
    "subject": gettext_lazy("Subject of the mail."),
    "language": gettext_lazy("Language of the text."),
    "hub": gettext_lazy("Hub to whose people it goes; empty: from the portal's moderators."),
    "state": gettext_lazy("draft, sending, sent or stopped."),
    "ties": gettext_lazy("Of hubs: people, followers or both."),
    "hubs": gettext_lazy("Hubs to whose people or followers it goes."),
    "roles": gettext_lazy("Roles in hubs."),
    "spaces": gettext_lazy("Spaces to whose followers it goes."),
    "events": gettext_lazy("Events at which its recipients have a seat."),
    "countries": gettext_lazy("Countries of its recipients (ISO 3166-1 alpha-2)."),
    "regions": gettext_lazy("Regions of its recipients (UN M49)."),
    "languages": gettext_lazy("Languages in which its recipients read the portal."),
    "sectors": gettext_lazy("Sectors of interest of its recipients (OECD)."),
    "joined_since": gettext_lazy("Day since which its recipients joined."),
    "space": gettext_lazy("Space in which it is posted; empty: none."),
    "thread": gettext_lazy("Number of the thread that it became."),
    "written_by": gettext_lazy("Who wrote it: name in addresses."),
    "started_by": gettext_lazy("Who sent it: name in addresses."),
    "stopped_by": gettext_lazy("Who stopped it: name in addresses."),
    "created_at": gettext_lazy("When the draft was begun (UTC)."),
    "started_at": gettext_lazy("When its sending began (UTC)."),
    "ended_at": gettext_lazy("When its sending ended (UTC)."),
    "recipients": gettext_lazy("Members to whom it goes, fixed when its sending began."),
    "waiting": gettext_lazy("Recipients not mailed yet."),
    "mailed": gettext_lazy("Recipients whose mail has left."),
    "gathered": gettext_lazy("Recipients who get it with the mail of their day or week."),
    "failed": gettext_lazy("Recipients whose mail could not be delivered."),
    "skipped": gettext_lazy("Recipients left out: want none, left, or take no mail any more."),
    "stopped": gettext_lazy("Recipients not mailed, since it was stopped."),
    "version": gettext_lazy("Grows with every change."),
    "updated_at": ADDRESS_MEANINGS["updated_at"],
    "url": ADDRESS_MEANINGS["url"],
    "api_url": ADDRESS_MEANINGS["api_url"],
}


class AnnouncementListView(FilteredListView):
    """/community/announcements/: those that the reader may write, the newest first."""

    filterset_class = AnnouncementFilter
    template_name = "community/announcements/list.html"
    results_template_name = "community/announcements/list.html"
    orders = {"created_at": F("created_at"), "started_at": F("started_at")}
    order_menu = (
        ("-created_at", gettext_lazy("Newest first")),
        ("-started_at", gettext_lazy("Sent last first")),
        ("created_at", gettext_lazy("Oldest first")),
    )
    columns = dictionary(ANNOUNCEMENT_COLUMNS, MEANINGS)
    feed_order = ""

    @method_decorator(login_required)
    def get(self, request: HttpRequest) -> HttpResponseBase:
        """Answer those who write announcements."""
        writer_of(request)
        return super().get(request)

    def get_queryset(self) -> QuerySet[Any]:
        return Announcement.objects.visible_to(self.request.user)

    def export_rows(self, things: QuerySet[Any]) -> Iterable[Mapping[str, object]]:
        return rows_of(ANNOUNCEMENTS, things, root=root_of(self.request))

    def get_context(self, things: QuerySet[Any], *, is_valid: bool) -> dict[str, Any]:
        found: Any = things
        return super().get_context(found.for_list().with_figures(), is_valid=is_valid)

    def count(self) -> int | None:
        return int(self.filterset.qs.count()) if self.filterset.is_valid() else 0


def writer_of(request: HttpRequest) -> Member:
    """Return who asks; raise `PermissionDenied` unless they write announcements."""
    by = signed_in_member(request)
    if not is_announcing(by):
        raise PermissionDenied
    return by


def announcement_of(request: HttpRequest, pk: int) -> Any:
    """Return an announcement: 404 if the reader may not write it, as then nobody tells of it."""
    found = Announcement.objects.editable_by(signed_in_member(request)).for_list()
    return get_object_or_404(found.select_related("space", "thread__space"), pk=pk)


@writes(AnnouncementForm)
def announcement_begin(request: HttpRequest) -> HttpResponse:
    """/community/announcements/new/: a new draft."""
    by = writer_of(request)
    made: list[Announcement] = []

    def make(data: Any) -> AnnouncementForm:
        hub = Hub.objects.filter(slug=request.GET.get("hub", "")).first()
        first = {"language": by.language, "hub": hub}
        return AnnouncementForm(data, user=by, initial=first)

    def save(form: AnnouncementForm) -> str:
        made.append(services.begin_announcement(by=by, **form.columns()))
        return _("The draft is saved. This is how it will look.")

    context = {
        "title": _("Write an announcement"),
        "button": _("Save the draft and see it"),
        "cancel_url": reverse("community:announcement_list"),
    }
    return form_page(
        request, make, save, context, done=lambda: made[0].get_absolute_url(), template=FORM
    )


@writes(AnnouncementForm)
def announcement_edit(request: HttpRequest, pk: int) -> HttpResponse:
    """/community/announcements/<number>/edit/: another text, or other recipients."""
    announcement = announcement_of(request, pk)
    by = signed_in_member(request)
    if not announcement.is_draft:
        return _refused(request, announcement)

    def make(data: Any) -> AnnouncementForm:
        return AnnouncementForm(data, user=by, instance=announcement_of(request, pk))

    def save(form: AnnouncementForm) -> str:
        version = form.cleaned_data["version"] or 0
        services.change_announcement(
            announcement, changes=form.columns(), expected_version=version, by=by
        )
        return _("The draft was changed.")

    context = {
        "announcement": announcement,
        "title": _("Change the announcement"),
        "button": _("Save the draft and see it"),
        "cancel_url": announcement.get_absolute_url(),
    }
    done = announcement.get_absolute_url()
    return form_page(request, make, save, context, done=done, row=announcement, template=FORM)


def _refused(request: HttpRequest, announcement: Any) -> HttpResponse:
    messages.error(request, _("This announcement is no draft any more."))
    return redirect(announcement)


@require_safe
@sign_in_first
def announcement_detail(request: HttpRequest, pk: int) -> HttpResponse:
    """/community/announcements/<number>/: how a draft will look and who would get it; what
    became of one that was sent.
    """
    announcement = announcement_of(request, pk)
    by = signed_in_member(request)
    context = _told(announcement) | {
        "html": render_markdown(announcement.body),
        "mail": mail_to(by, announcement, parts_of(announcement), key=""),
        "direction": direction_of(announcement.language),
    }
    if announcement.is_draft:
        context |= _reach(announcement, by)
    else:
        context |= _figures(announcement)
    return render(request, "community/announcements/detail.html", context)


def _told(announcement: Any) -> dict[str, Any]:
    return {
        "announcement": announcement,
        "words": words_of(announcement),
        "is_everybody": is_everybody(announcement),
    }


def _reach(announcement: Any, by: Member) -> dict[str, Any]:
    """Return how many would get a draft; why others would not is told to moderators alone, for
    of a small hub it would say too much of each.
    """
    reach = reach_of(meant_by(announcement))
    number = reach["reached"]
    text = ngettext("%(number)s member will get this", "%(number)s members will get this", number)
    return {
        "reach": reach,
        "reach_text": text % {"number": _grouped(number)},
        "shows_why": by.is_moderator,
        "overlap": services.overlap_of(announcement, by=by),
    }


def _grouped(number: int) -> str:
    return number_format(number, use_l10n=True, force_grouping=True)


def _figures(announcement: Any) -> dict[str, Any]:
    row: Any = Announcement.objects.filter(pk=announcement.pk).with_figures().get()
    done = row.recipient_count - row.waiting_count
    return {"figures": row, "done": done}


@require_POST
@sign_in_then("community:announcement_detail", "pk")
@once
def announcement_test(request: HttpRequest, pk: int) -> HttpResponse:
    """/community/announcements/<number>/test/: mail it to me."""
    announcement = announcement_of(request, pk)
    by = signed_in_member(request)

    def act() -> str:
        services.test_announcement(announcement, by=by)
        return _("A test is on its way to %(address)s.") % {"address": by.email}

    return _acted(request, announcement, act)


@sign_in_first
@once
def announcement_send(request: HttpRequest, pk: int) -> HttpResponse:
    """/community/announcements/<number>/send/: the number once more, and the button."""
    announcement = announcement_of(request, pk)
    by = signed_in_member(request)
    if request.method == "POST":

        def act() -> str:
            version = sent_version(request)
            services.send_announcement(announcement, expected_version=version, by=by)
            return _("The announcement is being sent.")

        return _acted(request, announcement, act)
    if not announcement.is_draft:
        return _refused(request, announcement)
    context = _told(announcement) | _reach(announcement, by)
    return render(request, "community/announcements/send.html", context)


@require_POST
@sign_in_then("community:announcement_detail", "pk")
@once
def announcement_stop(request: HttpRequest, pk: int) -> HttpResponse:
    """/community/announcements/<number>/stop/: mail it to nobody else."""
    announcement = announcement_of(request, pk)

    def act() -> str:
        services.stop_announcement(announcement, by=signed_in_member(request))
        row = _figures(announcement)["figures"]
        text = _("Stopped. It went to %(done)s of %(all)s members; the others do not get it.")
        done = _grouped(row.mailed_count + row.gathered_count)
        return text % {"done": done, "all": _grouped(row.recipient_count)}

    return _acted(request, announcement, act)


@require_POST
@sign_in_then("community:announcement_detail", "pk")
@once
def announcement_discard(request: HttpRequest, pk: int) -> HttpResponse:
    """/community/announcements/<number>/discard/: throw the draft away."""
    announcement = announcement_of(request, pk)
    by = signed_in_member(request)

    def act() -> str:
        version = sent_version(request)
        services.discard_announcement(announcement, expected_version=version, by=by)
        return _("The draft was thrown away.")

    return _acted(request, announcement, act, done=reverse("community:announcement_list"))


def _acted(
    request: HttpRequest, announcement: Any, act: Callable[[], str], *, done: str = ""
) -> HttpResponse:
    """Do it, and say on the next page what became of it, or why not."""
    try:
        messages.success(request, act())
    except (DomainError, ValidationError) as error:
        texts = error.messages if isinstance(error, ValidationError) else [str(error)]
        messages.error(request, " ".join(texts))
        return redirect(announcement)
    return redirect(done or announcement)

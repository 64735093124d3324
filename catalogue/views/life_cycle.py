"""What becomes of a published entry: each with its reason, on a page that asks."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.http import Http404, HttpRequest, HttpResponse
from django.utils.translation import gettext_lazy as _

from accounts.http import signed_in_member
from catalogue.forms import ReasonForm
from catalogue.models import Entry
from catalogue.services import (
    archive_entry,
    contest_entry,
    restore_entry,
    settle_entry,
    withdraw_entry,
)
from core.http import get_allowed
from hubs.views.form_pages import form_page, writes

if TYPE_CHECKING:
    from django.utils.functional import Promise

    from accounts.models import Member


@dataclass(frozen=True, slots=True)
class Act:
    """Something that is done to a published entry: what the page says, and who does it."""

    title: Promise
    text: Promise
    button: Promise
    receipt: Promise
    do: Callable[[Entry, str, Member], Any]
    is_for_moderators: bool = False
    button_kind: str = ""


ACTS = {
    "archive": Act(
        _("Set the entry aside"),
        _("It stays readable and is found, marked as no longer kept up."),
        _("Set aside"),
        _("The entry is in the archive."),
        lambda entry, reason, by: archive_entry(entry, reason=reason, by=by),
    ),
    "restore": Act(
        _("Take the entry out of the archive"),
        _("Readers will see it as kept up again."),
        _("Take it out"),
        _("The entry is out of the archive."),
        lambda entry, reason, by: restore_entry(entry, reason=reason, by=by),
    ),
    "withdraw": Act(
        _("Withdraw the entry"),
        _(
            "Its address will say when and why it was withdrawn, and nothing else. This cannot "
            "be undone."
        ),
        _("Withdraw"),
        _("The entry is withdrawn."),
        lambda entry, reason, by: withdraw_entry(entry, reason=reason, by=by),
        button_kind="bad",
    ),
    "contest": Act(
        _("Mark as contested"),
        _("Say what is contested, by whom, and where that can be read."),
        _("Mark as contested"),
        _("The entry is marked as contested."),
        lambda entry, reason, by: contest_entry(entry, statement=reason, by=by),
        is_for_moderators=True,
    ),
    "settle": Act(
        _("Take the mark “contested” away"),
        _("Say what settled it."),
        _("Take the mark away"),
        _("The mark is gone."),
        lambda entry, reason, by: settle_entry(entry, reason=reason, by=by),
        is_for_moderators=True,
    ),
}


@writes(ReasonForm)
def entry_act(request: HttpRequest, slug: str, verb: str) -> HttpResponse:
    """/catalogue/<slug>/<verb>/: ask for the reason, then do it."""
    if verb not in ACTS:
        raise Http404
    act = ACTS[verb]
    by, entries = signed_in_member(request), Entry.objects
    allowed = entries.contestable_by(by) if act.is_for_moderators else entries.revisable_by(by)
    entry: Entry = get_allowed(entries.visible_to(by), allowed, slug=slug)

    def save(form: ReasonForm) -> str:
        act.do(entry, form.cleaned_data["reason"], by)
        return str(act.receipt)

    return form_page(
        request,
        ReasonForm,
        save,
        {"entry": entry, "act": act},
        done=entry.get_absolute_url(),
        template="catalogue/entry_act.html",
    )

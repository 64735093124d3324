"""What was talked about, taken up as the draft of an experience."""

from __future__ import annotations

from django.conf import settings
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils.translation import gettext as _

from accounts.models import Member
from catalogue.models import Draft
from catalogue.sections import SECTION_OF
from catalogue.services import save_section, section_version, start_draft
from community.models import Post, Thread
from community.services.recording import is_public
from core.errors import DomainError
from hubs.models import Hub

MOST_TEXT = 20_000  # characters taken over


@transaction.atomic
def draft_from_thread(thread: Thread, hub: Hub, *, by: Member) -> Draft:
    """Begin an experience of `hub` with what a thread says: its summary, or else its first post,
    and with its address if everybody may read it. Return the draft.

    Raises `PermissionDenied` if `by` may not read the thread or has no role in the hub,
    `DomainError` for a thread without a text.
    """
    if not Thread.objects.visible_to(by).contains(thread):
        raise PermissionDenied
    first = Post.objects.shown().filter(thread=thread).order_by("number").first()
    text = thread.summary or (first.text if first else "")
    if not text:
        raise DomainError(_("There is nothing to begin with in this thread."))
    draft = start_draft(hub, title=thread.title, language=thread.language, by=by)
    told = [("story", "what_was_done", text[:MOST_TEXT])]
    if is_public(thread):
        address = f"{settings.SITE_URL}{thread.get_absolute_url()}"
        told += [("contacts", "note", _("Begun with this discussion: %(at)s") % {"at": address})]
    for slug, name, value in told:
        section = SECTION_OF[slug]
        values = section.holds(draft.content) | {name: value}
        expected = section_version(section, draft.content)
        draft = save_section(draft, slug, values, expected=expected, by=by)
    return draft

"""What somebody new can do first, and what of it they did already."""

from __future__ import annotations

from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _

from accounts.models import Member
from catalogue.models import Draft, Expert, SavedSearch
from hubs.models import Hub, Membership


def first_steps(member: Member) -> list[dict[str, Any]]:
    """Return the first steps of `member` as tasks of `components/_task_list.html`; nothing once
    all are done. Five queries at most.
    """
    steps = [
        (
            "accounts:profile_edit",
            _("Tell who you are"),
            _("Organisation, country and languages let others find you. You choose who sees what."),
            bool(member.organisation and member.country and member.languages),
        ),
        (
            "hubs:hub_list",
            _("Ask for your role in a hub"),
            _("Its head confirms it. With a role you can share experiences for the hub."),
            Membership.objects.filter(member=member, declined_at=None).exists(),
        ),
        (
            "accounts:mail_choices",
            _("Choose how soon you get mail"),
            _("At once, once a day, once a week, or never."),
            bool(member.mail_choices),
        ),
        (
            "search",
            _("Save a search"),
            _("What is published on it later comes to you by itself."),
            SavedSearch.objects.filter(member=member).exists(),
        ),
        (
            "catalogue:expert_mine",
            _("Say what you can be asked"),
            _("Your profile as an expert, shown once your employer agrees."),
            Expert.objects.filter(member=member).exists(),
        ),
    ]
    if Hub.objects.open_to_author(member).exists():
        steps.append(
            (
                "catalogue:draft_start",
                _("Share an experience"),
                _("Begin with a title. Others may write with you; it shows when it is published."),
                Draft.objects.filter(authors=member).exists(),
            )
        )
    if all(is_done for _route, _label, _hint, is_done in steps):
        return []
    return [_task(*step) for step in steps]


def _task(route: str, label: str, hint: str, is_done: bool) -> dict[str, Any]:
    return {
        "url": reverse(route),
        "label": label,
        "hint": "" if is_done else hint,
        "status": _("Done") if is_done else _("To do"),
        "kind": "ok" if is_done else "",
    }

"""Asking to join a hub, and declining somebody."""

from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy as _

from hubs.models import Membership


class MembershipForm(forms.Form):
    """The role that is asked for."""

    role = forms.ChoiceField(
        label=_("Role"), choices=Membership.Role.choices, widget=forms.RadioSelect
    )
    message = forms.CharField(
        label=_("Message to the hub"),
        required=False,
        max_length=1_000,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text=_("Who you are and what you do there."),
    )


class DeclineForm(forms.Form):
    """Why somebody is declined; the member is told."""

    reason = forms.CharField(label=_("Reason"), max_length=500)

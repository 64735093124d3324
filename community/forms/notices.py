"""How closely something is followed; which notices are looked at."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from community.models import FollowLevel

STOP = "stop"


class FollowForm(forms.Form):
    """How closely one thing is followed, or no more."""

    level = forms.ChoiceField(
        label=_("How closely"),
        widget=forms.RadioSelect,
        choices=[
            (
                FollowLevel.WATCH,
                _("Tell me: a notice each time, and mail as I chose for news"),
            ),
            (FollowLevel.DIGEST, _("Only in the mail that gathers all: no notice is counted")),
            (FollowLevel.MUTE, _("Tell me nothing, even where I follow what it belongs to")),
            (STOP, _("Do not follow it")),
        ],
    )

    def chosen(self) -> FollowLevel | None:
        """Return the level; None to follow no more."""
        level: Any = self.cleaned_data["level"]
        return None if level == STOP else FollowLevel(level)

    def readable(self, name: str) -> object:
        """Return what was chosen."""
        return self.cleaned_data.get(name)

"""What can be asked of the view of gaps, the same for page, file and API."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from django import forms
from django.utils.translation import gettext_lazy as _

from evaluation.gaps import GROUPS, WHATS, Gap, gaps_of

if TYPE_CHECKING:
    from hubs.querysets import User

MOST = 1_000


class GapForm(forms.Form):
    """Which categories, and of what there should be few."""

    of = forms.ChoiceField(label=_("Look at"), choices=list(GROUPS.items()))
    what = forms.ChoiceField(
        label=_("Show only those with few"),
        choices=[("", _("All of them")), *WHATS.items()],
        required=False,
    )
    at_most = forms.IntegerField(
        label=_("Few means at most"),
        min_value=0,
        max_value=MOST,
        required=False,
        help_text=_("Empty means none at all."),
    )
    stated = forms.BooleanField(label=_("Only what a hub states"), required=False)

    @classmethod
    def of_query(cls, query: Mapping[str, str]) -> GapForm:
        """Return the form as a query asks; sectors where it does not say."""
        return cls({"of": "sector", **query})

    def group(self) -> str:
        """Return the group that was asked for."""
        return str(self.cleaned_data["of"])

    def rows(self, user: User) -> list[Gap]:
        """Return what `user` asked for; nothing if it was asked wrongly."""
        if not self.is_valid():
            return []
        data: dict[str, Any] = self.cleaned_data
        return gaps_of(
            self.group(),
            user,
            what=data["what"],
            at_most=data["at_most"] or 0,
            stated=data["stated"],
        )

"""Forms of those who come to an event."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from community.models import MARKS, EventFeedback

MARK_CHOICES = (
    (1, _("1: not at all")),
    (2, _("2: a little")),
    (3, _("3: fairly")),
    (4, _("4: well")),
    (5, _("5: very well")),
)


class EnrolForm(forms.Form):
    """What the organisers should know."""

    message = forms.CharField(
        label=_("Message to the organisers"),
        max_length=500,
        required=False,
        widget=forms.Textarea(attrs={"rows": 3, "dir": "auto"}),
        help_text=_("For example what you need to take part. Only they read it."),
    )


class FeedbackForm(forms.ModelForm):
    """What somebody thought of an event."""

    class Meta:
        model = EventFeedback
        fields = (*MARKS, "best", "better")
        widgets = {
            "best": forms.Textarea(attrs={"rows": 4, "dir": "auto"}),
            "better": forms.Textarea(attrs={"rows": 4, "dir": "auto"}),
        }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name in MARKS:
            self.fields[name] = forms.TypedChoiceField(
                label=self.fields[name].label,
                choices=MARK_CHOICES,
                coerce=int,
                widget=forms.RadioSelect,
            )

    def _post_clean(self) -> None:
        """Leave the columns to the service."""

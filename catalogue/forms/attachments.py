"""Adding a file or a picture to a draft."""

from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy as _

from core.uploads import DocumentField


class AttachmentForm(forms.Form):
    """One file, and what it shows."""

    file = DocumentField(label=_("File or picture"), required=True)
    caption = forms.CharField(
        label=_("What it shows"),
        max_length=200,
        required=False,
        help_text=_("Read out in place of a picture to those who do not see it."),
        widget=forms.TextInput(attrs={"dir": "auto"}),
    )

"""Texts by which a thing is named have something that can be seen, and pressed."""

import unicodedata

from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

UNSEEN = {"Cc", "Cf", "Zl", "Zp", "Zs"}  # categories: controls, joiners, marks of direction, spaces
BLANK = "\u115f\u1160\u2800\u3164\uffa0"  # letters by their category, drawn as nothing


def something_to_see(text: str) -> None:
    """Raise `ValidationError` for a text of spaces and invisible characters alone."""
    if all(unicodedata.category(each) in UNSEEN or each in BLANK for each in text):
        raise ValidationError(_("Write something that can be seen."), code="unseen")

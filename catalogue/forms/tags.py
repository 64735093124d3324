"""Tags, typed in one line."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING, Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from catalogue.models import MOST_OF_NAME, MOST_TAGS, Tag
from catalogue.querysets.tags import words_of_tags
from catalogue.rules import tags_problem

if TYPE_CHECKING:
    from hubs.querysets import User

OFFERED = 500  # names of the vocabulary that a page brings along
# Ten names and what stands between them, with room to say what is too much.
MOST_TYPED = 3 * MOST_TAGS * MOST_OF_NAME


class TagsInput(forms.TextInput):
    """A line of text that offers names; `known` are those."""

    template_name = "catalogue/widgets/tags.html"
    known: Sequence[str] = ()

    def get_context(self, name: str, value: Any, attrs: Any) -> dict[str, Any]:
        known_id = f"{name}-known"
        context = super().get_context(name, value, {**(attrs or {}), "list": known_id})
        context["widget"] |= {"known": self.known, "known_id": known_id}
        return context


class TagsField(forms.CharField):
    """Tags separated by commas, as a list of texts; `names` tells slugs in words."""

    names: dict[str, Any]
    widget = TagsInput

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(
            label=_("tags"),
            required=False,
            max_length=MOST_TYPED,
            help_text=_(
                "Up to ten, separated by commas. Choose words that others use, where there are "
                "any; a new one joins the vocabulary when the entry is published."
            ),
            **kwargs,
        )
        self.names = {}

    def offer_to(self, user: User, tags: Iterable[str]) -> None:
        """Offer what `user` may know of the vocabulary, and show `tags` by their names."""
        visible = Tag.objects.visible_to(user)
        self.names = visible.by_text(list(tags))
        self.widget.known = [tag.label for tag in visible.current().by_name()[:OFFERED]]

    def prepare_value(self, value: Any) -> Any:
        if not isinstance(value, list):
            return value
        return ", ".join(self.names[each].label if each in self.names else each for each in value)

    def clean(self, value: Any) -> Any:
        """Return a list of texts; say what cannot be a tag."""
        tags = words_of_tags(super().clean(value))
        if problem := tags_problem(tags):
            raise ValidationError(problem)
        return tags

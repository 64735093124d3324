"""Writing a building block, and saying which entries have it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django import forms
from django.db.models import Q, QuerySet
from django.utils.translation import gettext_lazy as _

from catalogue.models import BuildingBlock, Entry
from catalogue.services import BLOCK_TEXTS
from core import codes
from core.forms import version_field
from core.visible import something_to_see
from hubs.models import Hub
from hubs.querysets import EDITING_ROLES, by_name, holds_role

if TYPE_CHECKING:
    from hubs.querysets import User


def own_entries(user: User, hub: int | None) -> QuerySet[Entry]:
    """Return the entries to offer: those of the hubs in which `user` is editor or head, and of
    `hub` (its key) where `user` may write there. Moderators may name others, but of thousands
    nobody chooses from a list.
    """
    entries: QuerySet[Entry] = Entry.objects.of_hubs_edited_by(user)
    return entries.filter(Q(holds_role(user, EDITING_ROLES)) | Q(hub=hub))


class BlockForm(forms.ModelForm):
    """The texts of a building block; `version` is what the page was made from."""

    version = version_field()
    language = forms.ChoiceField(
        label=_("Language"),
        choices=codes.language_choices,
        help_text=_("The language in which you write it."),
    )

    class Meta:
        model = BuildingBlock
        fields = list(BLOCK_TEXTS)
        widgets = {"description": forms.Textarea(attrs={"rows": 14})}
        help_texts = {
            "description": _("What it is, how it works, what it needs. Markdown may be used."),
        }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.initial["version"] = self.instance.version
        self.fields["title"].validators.append(something_to_see)

    def columns(self) -> dict[str, Any]:
        """Return the columns as they were typed, for the service."""
        return {name: self.cleaned_data[name] for name in BLOCK_TEXTS}

    def readable(self, name: str) -> object:
        """Return what was typed in a field as the service writes what is saved there."""
        return self.cleaned_data.get(name, self[name].value())


class NewBlockForm(BlockForm):
    """A new building block, of one of the hubs that the member edits."""

    hub = forms.ModelChoiceField(
        label=_("Hub"), queryset=Hub.objects.none(), empty_label=_("Choose"), to_field_name="slug"
    )
    version = None  # type: ignore[assignment]  # nobody else can have saved it
    field_order = ["hub", *BLOCK_TEXTS]

    def __init__(self, *args: Any, user: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        hubs = Hub.objects.editable_by(user).by_name()
        self.fields["hub"].queryset = hubs  # type: ignore[attr-defined]


class AttachForm(forms.Form):
    """Which entry has the building block."""

    entry: forms.ModelChoiceField[Entry] = forms.ModelChoiceField(
        label=_("Entry"),
        queryset=Entry.objects.none(),
        empty_label=_("Choose"),
        to_field_name="slug",
        help_text=_("Entries of the hubs that you edit."),
    )

    def __init__(self, data: Any = None, *, block: BuildingBlock, user: User) -> None:
        super().__init__(data)
        entries = own_entries(user, block.hub_id).exclude(block_uses__block=block)
        entries = entries.order_by(by_name("title"), "pk")
        self.fields["entry"].queryset = entries  # type: ignore[attr-defined]

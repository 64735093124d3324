"""Forms of frameworks, their results, indicators, targets and periods."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django import forms
from django.utils.translation import gettext_lazy as _

from core import codes
from core.forms import version_field
from evaluation.models import (
    Framework,
    Frequency,
    Indicator,
    IndicatorDefinition,
    Result,
    Target,
)
from evaluation.services.frameworks import (
    FRAMEWORK_TEXTS,
    INDICATOR_TEXTS,
    RESULT_TEXTS,
    TARGET_TEXTS,
    frameworks_above,
)
from hubs.models import Hub

if TYPE_CHECKING:
    from collections.abc import Callable

    from django.db.models import QuerySet

    from accounts.models import Member


class _DateField(forms.DateField):
    """A day, written with the browser's own calendar where it has one."""

    def __init__(self, **kwargs: Any) -> None:
        widget = forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
        super().__init__(**({"widget": widget} | kwargs))


class BeginForm(forms.Form):
    """Begin a framework, from a template or empty."""

    hub = forms.ModelChoiceField(label=_("Hub"), queryset=Hub.objects.none())
    template = forms.ModelChoiceField(
        label=_("Start from"),
        queryset=Framework.objects.none(),
        required=False,
        to_field_name="slug",
        empty_label=_("nothing: an empty framework"),
        help_text=_("A template brings results, indicators and periods; all can be changed."),
    )
    title = forms.CharField(label=_("Title"), max_length=200)
    starts_on = _DateField(label=_("Start"))
    ends_on = _DateField(
        label=_("End"), required=False, help_text=_("Empty: open. A template needs an end.")
    )

    def __init__(self, *args: Any, user: Member, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        hubs: Any = self.fields["hub"]
        hubs.queryset = Hub.objects.assessable_by(user).order_by("slug")
        if len(own := list(hubs.queryset[:2])) == 1:
            self.initial.setdefault("hub", own[0])
        templates: Any = self.fields["template"]
        templates.queryset = Framework.objects.visible_to(user).templates().published()

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or {}
        start, end = cleaned.get("starts_on"), cleaned.get("ends_on")
        if start and end and end < start:
            self.add_error("ends_on", _("The end must not be before the start."))
        if cleaned.get("template") and not end and "ends_on" not in self.errors:
            self.add_error("ends_on", _("Say until when: the template’s periods are made."))
        return cleaned


class _VersionedForm(forms.ModelForm):
    """A form of a row; `columns` and `readable` are what services and conflicts ask for,
    `version` is what the page was made from.
    """

    texts: tuple[str, ...] = ()
    version = version_field()

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.initial["version"] = self.instance.version

    def columns(self) -> dict[str, Any]:
        """Return the columns as they were typed, for the service."""
        return {name: self.cleaned_data[name] for name in self.texts if name in self.cleaned_data}

    def readable(self, name: str) -> object:
        """Return what was typed in a field as the service writes what is saved there."""
        return self.cleaned_data.get(name, self[name].value())


def _offer_above(
    field: Any, possible: QuerySet[Any], chosen: int | None, name: Callable[[Any], str]
) -> None:
    """Let `field` offer what is `possible`, and what is `chosen` even if the reader does not see
    it any more: saving something else does not untie it.
    """
    is_seen = chosen is None or possible.filter(pk=chosen).exists()
    field.queryset = possible if is_seen else possible | possible.model.objects.filter(pk=chosen)

    def label_of(row: Any) -> str:
        is_named = is_seen or row.pk != chosen
        return name(row) if is_named else str(_("as it is now; you do not see it"))

    field.label_from_instance = label_of


class FrameworkForm(_VersionedForm):
    """What a framework says of itself."""

    texts = FRAMEWORK_TEXTS
    language = forms.ChoiceField(label=_("Language"), choices=codes.language_choices)
    starts_on = _DateField(label=_("Start"))
    ends_on = _DateField(label=_("End"), required=False, help_text=_("Empty: open."))

    class Meta:
        model = Framework
        fields = list(FRAMEWORK_TEXTS)


class ResultForm(_VersionedForm):
    """One result: what is hoped for, and to what it contributes."""

    texts = RESULT_TEXTS

    class Meta:
        model = Result
        fields = list(RESULT_TEXTS)

    def __init__(self, *args: Any, framework: Framework, user: Member, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        within: Any = self.fields["contributes_to"]
        within.queryset = Result.objects.filter(framework=framework).exclude(pk=self.instance.pk)
        _offer_above(
            self.fields["rolls_up_to"],
            Result.objects.filter(framework__in=frameworks_above(framework, user=user)),
            self.instance.rolls_up_to_id,
            lambda row: str(row),
        )


class IndicatorForm(_VersionedForm):
    """One indicator of a result: from the library, with its baseline."""

    texts = INDICATOR_TEXTS

    class Meta:
        model = Indicator
        fields = list(INDICATOR_TEXTS)
        help_texts = {
            "rolls_up_to": _("The indicator of a country or the community that it adds to."),
            "baseline_value": _("Where it stood before; for a ratio fill in the two numbers."),
        }

    def __init__(self, *args: Any, framework: Framework, user: Member, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        versions: Any = self.fields["definition"]
        newest = IndicatorDefinition.objects.in_use().values("current")
        model = versions.queryset.model
        versions.queryset = model.objects.filter(pk__in=newest) | model.objects.filter(
            pk=self.instance.definition_id
        )
        _offer_above(
            self.fields["rolls_up_to"],
            Indicator.objects.filter(
                result__framework__in=frameworks_above(framework, user=user)
            ).select_related("definition", "result__framework"),
            self.instance.rolls_up_to_id,
            lambda row: f"{row.result.framework}: {row}",
        )


class TargetForm(_VersionedForm):
    """The target of one period, or of the whole life; empty takes it away."""

    texts = TARGET_TEXTS

    class Meta:
        model = Target
        fields = list(TARGET_TEXTS)


class PeriodsForm(forms.Form):
    """Make periods of a frequency until a day."""

    frequency = forms.ChoiceField(label=_("Frequency"), choices=Frequency.choices)
    until = _DateField(
        label=_("Until"), required=False, help_text=_("Empty: until the framework ends.")
    )


class LeaveForm(forms.Form):
    """Leave to report on a locked period."""

    indicator = forms.ModelChoiceField(
        label=_("Indicator"), queryset=Indicator.objects.none(), required=False,
        empty_label=_("all indicators"),
    )  # fmt: skip
    until = forms.DateTimeField(
        label=_("Until"),
        widget=forms.DateTimeInput(attrs={"type": "datetime-local"}, format="%Y-%m-%dT%H:%M"),
    )
    reason = forms.CharField(label=_("Reason"), max_length=500)

    def __init__(self, *args: Any, framework: Framework, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field: Any = self.fields["indicator"]
        field.queryset = Indicator.objects.filter(result__framework=framework).select_related(
            "definition"
        )

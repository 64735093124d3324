"""One form for each kind of fact."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from core import codes
from hubs.forms.fact import COMMON, FactForm, OrganisationMixin
from hubs.models import (
    CoordinationLink,
    ExpertiseSource,
    FundingStream,
    InstitutionalArrangement,
    MonitoringPractice,
    Organisation,
    Presence,
    Statement,
)
from hubs.querysets import by_name


class StatementForm(FactForm):
    class Meta:
        model = Statement
        fields = ["topic", "text", *COMMON]


class InstitutionalArrangementForm(FactForm):
    class Meta:
        model = InstitutionalArrangement
        fields = [
            "model",
            "host_institution",
            "legal_basis",
            "governing_body",
            "staff_number",
            *COMMON,
        ]


class CoordinationLinkForm(OrganisationMixin, FactForm):
    field_order = ["organisation", "new_name", "new_kind"]

    class Meta:
        model = CoordinationLink
        fields = ["organisation", "role", "government_level", "mechanism", *COMMON]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["organisation"]
        field.required = False
        field.queryset = Organisation.objects.order_by(by_name(), "pk")  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        data = super().clean()
        named = data.get("organisation") or data.get("new_name")
        if not named and not {"organisation", "new_name"} & set(self.errors):
            self.add_error("organisation", _("Choose an organisation, or name a new one."))
        return data


class ExpertiseSourceForm(FactForm):
    class Meta:
        model = ExpertiseSource
        fields = ["kind", "engagement", "example", *COMMON]


class FundingStreamForm(OrganisationMixin, FactForm):
    organisation_field = "provider"
    currency = forms.ChoiceField(
        label=_("Currency"), choices=lambda: [("", "–"), *codes.currency_choices()], required=False
    )
    field_order = ["source_type", "provider", "new_name", "new_kind"]

    class Meta:
        model = FundingStream
        fields = [
            "source_type",
            "provider",
            "pledged",
            "committed",
            "spent",
            "currency",
            "share",
            "earmark",
            "confidentiality",
            *COMMON,
        ]
        localized_fields = ["pledged", "committed", "spent", "share"]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        providers = Organisation.objects.order_by(by_name(), "pk")
        self.fields["provider"].queryset = providers  # type: ignore[attr-defined]
        for name in ("valid_from", "valid_to"):
            self.fields[name].help_text = _("The year or span of years, for example 2015.")

    def clean(self) -> dict[str, Any]:
        data = super().clean()
        amounts = [name for name in ("pledged", "committed", "spent") if data.get(name) is not None]
        if amounts and not data.get("currency") and "currency" not in self.errors:
            self.add_error("currency", _("An amount needs its currency."))
        for name in amounts:
            if data[name] < 0:
                self.add_error(name, _("An amount cannot be negative."))
        return data


class MonitoringPracticeForm(FactForm):
    class Meta:
        model = MonitoringPractice
        fields = ["approach", "description", *COMMON]


class PresenceForm(FactForm):
    country = forms.ChoiceField(
        label=_("Country"), choices=lambda: [("", _("Choose")), *codes.country_choices()]
    )

    class Meta:
        model = Presence
        fields = ["country", "place", "kind", *COMMON]


# By the slug of the kind, as in addresses, in the order of a profile.
FACT_FORMS: dict[str, type[FactForm]] = {
    "statements": StatementForm,
    "institutional-arrangements": InstitutionalArrangementForm,
    "coordination-links": CoordinationLinkForm,
    "expertise-sources": ExpertiseSourceForm,
    "funding-streams": FundingStreamForm,
    "monitoring-practices": MonitoringPracticeForm,
    "presences": PresenceForm,
}

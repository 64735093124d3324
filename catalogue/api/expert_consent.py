"""What employers say of experts, through the API."""

from __future__ import annotations

from typing import Any

from django.http import HttpResponse
from drf_spectacular.utils import extend_schema
from rest_framework.decorators import action
from rest_framework.request import Request

from catalogue import services
from catalogue.api.writing import WriteMixin, example
from catalogue.forms import ConsentForm
from catalogue.models import Expert
from catalogue.serializers import ConsentSerializer, DeclineSerializer
from core.api.forms import valid
from core.api.views import ApiViewSet
from core.dates import today


class ConsentViewSet(WriteMixin, ApiViewSet):
    """The verbs of those who speak for an expert's employer."""

    def show(self, expert: Expert) -> HttpResponse:
        """Answer with the expert, as far as the reader may see them."""
        raise NotImplementedError

    @extend_schema(
        request=ConsentSerializer,
        examples=[example("By letter", {"on": "2026-03-01", "note": "Letter 12/2026."})],
    )
    @action(detail=True, methods=["post"])
    def consent(self, request: Request, slug: str) -> HttpResponse:
        """Note that the employer agreed, to the profile as you read it."""
        expert: Expert = self.allowed(Expert, "decidable_by", slug=slug)

        def act(version: int) -> HttpResponse:
            said = _decision("yes", self.checked(ConsentSerializer(data=request.data)))
            saved = services.consent_to_expert(
                expert,
                on=said["on"] or today(),
                note=said["note"],
                expected_version=version,
                by=self.member,
            )
            return self.show(saved)

        return self.once_as_read(expert.version, act)

    @extend_schema(
        request=DeclineSerializer, examples=[example("No", {"reason": "She left the office."})]
    )
    @action(detail=True, methods=["post"])
    def decline(self, request: Request, slug: str) -> HttpResponse:
        """Say that the employer does not agree, or no more: the profile is hidden at once."""
        expert: Expert = self.allowed(Expert, "decidable_by", slug=slug)

        def act() -> HttpResponse:
            said = _decision("no", self.checked(DeclineSerializer(data=request.data)))
            saved = services.decline_expert(expert, reason=said["reason"], by=self.member)
            return self.show(saved)

        return self.once(act)


def _decision(decision: str, said: dict[str, Any]) -> Any:
    """Return what the page's form makes of it."""
    return valid(ConsentForm(said | {"decision": decision})).cleaned_data

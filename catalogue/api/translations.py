"""/api/v1/entries/<slug>/translations/: entries in other languages, read and written."""

from __future__ import annotations

from collections.abc import Mapping
from http import HTTPStatus
from typing import Any

from django.core.exceptions import ValidationError
from django.db.models import F, QuerySet
from django.http import HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.translation import gettext as _
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import serializers
from rest_framework.decorators import action
from rest_framework.permissions import IsAuthenticatedOrReadOnly
from rest_framework.request import Request

from catalogue import services
from catalogue.api import examples
from catalogue.api.writing import WriteMixin, example, exchange
from catalogue.forms import TranslationForm
from catalogue.forms.translations import RESULT
from catalogue.models import Entry, Translation
from catalogue.serializers import (
    TRANSLATION_COLUMNS,
    NewTranslationSerializer,
    TranslationContentSerializer,
    TranslationSerializer,
)
from core.api.errors import errors_of
from core.api.forms import filled
from core.api.pagination import OrderKey
from core.api.responses import expected_version
from core.api.schema import IDEMPOTENCY_KEY, IF_MATCH
from core.api.views import ApiViewSet
from core.errors import DomainError
from core.http import root_of

ENTRY = OpenApiParameter("entry_slug", str, OpenApiParameter.PATH, description="The entry.")
LANGUAGE = OpenApiParameter(
    "language", str, OpenApiParameter.PATH, description="The language (ISO 639-1)."
)


class TranslationViewSet(WriteMixin, ApiViewSet):
    """An entry in other languages; marked where the original has moved on."""

    permission_classes = [IsAuthenticatedOrReadOnly]
    serializer_class = TranslationSerializer
    filter_backends = []
    lookup_field = "language"
    lookup_value_regex = "[a-zA-Z-]{2,7}"
    http_method_names = ["get", "head", "post", "patch", "delete", "options"]
    queryset = Translation.objects.none()
    order_keys = {
        "language": OrderKey(F("language")),
        "updated_at": OrderKey(F("updated_at"), "time"),
    }
    default_order = "language"
    action_parameters = {
        "list": (ENTRY,),
        "create": (ENTRY, IDEMPOTENCY_KEY),
        "retrieve": (ENTRY, LANGUAGE),
        "partial_update": (ENTRY, LANGUAGE, IF_MATCH),
        "destroy": (ENTRY, LANGUAGE),
        "review": (ENTRY, LANGUAGE, IF_MATCH, IDEMPOTENCY_KEY),
    }

    def get_queryset(self) -> QuerySet[Translation]:
        entry = get_object_or_404(
            Entry.objects.visible_to(self.request.user), slug=self.kwargs["entry_slug"]
        )
        found: QuerySet[Translation] = entry.translations.with_is_stale()
        return found.select_related("entry__hub")

    def list(self, request: Request, entry_slug: str) -> HttpResponse:
        """The languages in which the entry can be read, beside its own."""
        page = self.list_page(self.get_queryset())
        page["results"] = [self._row(each) for each in page["results"]]
        return self.answer(page)

    def retrieve(self, request: Request, entry_slug: str, language: str) -> HttpResponse:
        """The entry in one language."""
        return self._show(self.get_object())

    @extend_schema(
        request=NewTranslationSerializer,
        responses={201: TranslationSerializer},
        examples=exchange("By machine", examples.NEW_TRANSLATION, examples.TRANSLATION),
    )
    def create(self, request: Request, entry_slug: str) -> HttpResponse:
        """Translate an entry of one of your hubs into a language."""
        entry = self._translatable()

        def act() -> HttpResponse:
            given = self.checked(NewTranslationSerializer(data=request.data))
            language = given["language"]
            if entry.translations.filter(language=language).exists():
                raise DomainError(_("There is a translation into this language already."))
            self._save(entry, language, None, given, expected=0)
            translation = self.get_queryset().get(language=language)
            response = self._show(translation, HTTPStatus.CREATED)
            return self.created(response, "translation-detail", entry.slug, language)

        return self.once(act)

    @extend_schema(
        request=TranslationContentSerializer,
        examples=[
            example("Corrected", {"state": "human", "texts": {"title": "Banques de graines"}})
        ],
    )
    def partial_update(self, request: Request, entry_slug: str, language: str) -> HttpResponse:
        """Change texts of a translation; what was reviewed has to be reviewed again."""
        entry, translation = self._translatable(), self.get_object()
        version = expected_version(request, translation.version)
        given = self.checked(TranslationContentSerializer(data=request.data))
        self._save(entry, language, translation, given, expected=version)
        return self._show(self.get_object())

    @extend_schema(responses={204: None})
    def destroy(self, request: Request, entry_slug: str, language: str) -> HttpResponse:
        """Remove a translation that does not say what the entry says; the history keeps it."""
        self._translatable()
        services.remove_translation(self.get_object(), by=self.member)
        return HttpResponse(status=HTTPStatus.NO_CONTENT)

    @extend_schema(request=None)
    @action(detail=True, methods=["post"])
    def review(self, request: Request, entry_slug: str, language: str) -> HttpResponse:
        """Call a translation right, as you read it; never one's own."""
        self._translatable()
        translation = self.get_object()

        def act(version: int) -> HttpResponse:
            services.review_translation(translation, expected_version=version, by=self.member)
            return self._show(self.get_object())

        return self.once_as_read(translation.version, act)

    def _translatable(self) -> Entry:
        entry: Entry = self.allowed(Entry, "translatable_by", slug=self.kwargs["entry_slug"])
        return entry

    def _save(
        self,
        entry: Entry,
        language: str,
        translation: Translation | None,
        given: Mapping[str, Any],
        *,
        expected: int,
    ) -> None:
        typed = _as_typed(entry, given["texts"])
        typed |= {name: given[name] for name in ("state", "from_version") if name in given}
        if translation is not None:  # a correction alone does not bring it up to date
            typed.setdefault("from_version", translation.from_version)
        try:
            form = filled(
                lambda data: TranslationForm(data, entry=entry, translation=translation), typed
            )
        except ValidationError as error:
            raise serializers.ValidationError(_as_sent(errors_of(error))) from error
        services.save_translation(
            entry,
            language,
            form.texts(),
            state=form.cleaned_data["state"],
            from_version=form.cleaned_data["from_version"],
            expected_version=expected,
            by=self.member,
        )

    def _row(self, translation: Any) -> dict[str, Any]:
        root, slug = root_of(self.request), self.kwargs["entry_slug"]
        path = reverse("translation-detail", args=[slug, translation.language])
        return {
            **{name: getattr(translation, name) for name in TRANSLATION_COLUMNS},
            "url": f"{root}{reverse('catalogue:entry_detail', args=[slug])}"
            f"?lang={translation.language}",
            "api_url": f"{root}{path}",
        }

    def _show(self, translation: Translation, status: int = HTTPStatus.OK) -> HttpResponse:
        return self.answer(self._row(translation), status=status, version=translation.version)


def _as_typed(entry: Entry, texts: Mapping[str, Any]) -> dict[str, Any]:
    """Return texts as the form takes them: each result by its place; a list is whole.

    Raises `ValidationError` for a text that the original does not have.
    """
    number = entry.results.count()
    statements = texts.get("results")
    typed = {name: text for name, text in texts.items() if name != "results"}
    missing = _("The original says nothing here.")
    extra = {f"texts.{name}": [missing] for name in typed if not getattr(entry, name)}
    if statements is not None:
        if len(statements) > number:
            extra["texts.results"] = [
                _("The original has %(number)d results.") % {"number": number}
            ]
        given = [*statements, *[""] * number][:number]
        typed |= {f"{RESULT}{place}": text for place, text in enumerate(given)}
    if extra:
        raise serializers.ValidationError(extra)
    return typed


def _as_sent(errors: Mapping[str, list[str]]) -> dict[str, list[str]]:
    """Return the form's errors at the places in the body that was sent."""

    def place(name: str) -> str:
        if name in ("state", "from_version", "request"):
            return name
        if name.startswith(RESULT):
            return f"texts.results.{name.removeprefix(RESULT)}"
        return f"texts.{name}"

    return {place(name): texts for name, texts in errors.items()}

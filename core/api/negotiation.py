"""JSON unless asked for something else: by `?format=`, or by Accept."""

from collections.abc import Iterable
from typing import Any

from django.utils.translation import gettext as _
from rest_framework import exceptions
from rest_framework.negotiation import DefaultContentNegotiation
from rest_framework.renderers import BaseRenderer
from rest_framework.request import Request


class _Named(BaseRenderer):
    """A format that views write themselves; only its name and media type count here."""

    charset = "utf-8"

    def render(self, data: Any, *args: Any, **kwargs: Any) -> Any:
        raise NotImplementedError  # views answer with what is rendered already


class JsonFormat(_Named):
    media_type = "application/json"
    format = "json"


class CsvFormat(_Named):
    media_type = "text/csv"
    format = "csv"


class JsonLdFormat(_Named):
    media_type = "application/ld+json"
    format = "jsonld"


class XmlFormat(_Named):
    media_type = "application/xml"
    format = "xml"


class FormatNegotiation(DefaultContentNegotiation):
    """Like the framework's, but `?format=` outweighs Accept and a bad one is 400."""

    def select_renderer(
        self,
        request: Request,
        renderers: Iterable[BaseRenderer],
        format_suffix: str | None = None,
    ) -> tuple[BaseRenderer, str]:
        renderers = list(renderers)
        name = request.query_params.get("format")
        if name is None:
            chosen: tuple[BaseRenderer, str] = super().select_renderer(request, renderers)
            return chosen
        for renderer in renderers:
            if renderer.format == name:
                return renderer, renderer.media_type
        known = ", ".join(str(renderer.format) for renderer in renderers)
        raise exceptions.ValidationError(
            {"format": [_("Choose one of: %(known)s.") % {"known": known}]}
        )

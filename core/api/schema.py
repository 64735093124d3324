"""What the OpenAPI document says of every operation: its parameters, errors and sign-in."""

from __future__ import annotations

from typing import Any, Literal

from django.conf import settings
from drf_spectacular.contrib.django_filters import DjangoFilterExtension
from drf_spectacular.extensions import OpenApiAuthenticationExtension
from drf_spectacular.openapi import AutoSchema
from drf_spectacular.plumbing import ResolvedComponent
from drf_spectacular.utils import OpenApiParameter
from rest_framework.permissions import SAFE_METHODS

PROBLEM = {
    "type": "object",
    "description": "Problem details (RFC 9457).",
    "required": ["type", "title", "status", "detail"],
    "properties": {
        "type": {"type": "string", "format": "uri-reference"},
        "title": {"type": "string"},
        "status": {"type": "integer"},
        "detail": {"type": "string"},
        "errors": {
            "type": "object",
            "description": "Messages by field or parameter; parts as in sources.0.address.",
            "additionalProperties": {"type": "array", "items": {"type": "string"}},
        },
    },
}
# status: (component, what it means)
ERRORS = {
    "400": ("Invalid", "A value is not valid, a parameter is unknown, or the JSON is broken."),
    "401": ("Unauthorized", "Sign in first."),
    "403": ("Forbidden", "Visible to you, but not yours to change; or the CSRF token is missing."),
    "404": ("NotFound", "Nothing here, or nothing that you may see."),
    "405": ("MethodNotAllowed", "This address does not know the method; see Allow."),
    "406": ("NotAcceptable", "No format that Accept asks for."),
    "409": ("Conflict", "A rule of the portal refuses this; `detail` says which."),
    "410": ("Gone", "It was withdrawn; `detail` says when and why."),
    "412": ("Stale", "If-Match names another version: somebody saved in between."),
    "413": ("TooLarge", "The body is over one megabyte; with files, over ten."),
    "415": (
        "UnsupportedMediaType",
        "The body is not application/json, nor a form where files are taken.",
    ),
    "422": ("KeyReused", "The Idempotency-Key came with another request before."),
    "428": ("IfMatchMissing", "A change needs If-Match."),
    "429": ("TooManyRequests", "Over the limit; wait as long as Retry-After says."),
    "503": ("Unavailable", "The portal is busy; try again after Retry-After seconds."),
}
_READ = ("400", "404", "405", "406", "429", "503")
_WRITE = (*_READ, "401", "403", "409", "413", "415")
_CONDITIONAL = ("412", "428")

IF_MATCH = OpenApiParameter(
    "If-Match",
    str,
    OpenApiParameter.HEADER,
    required=True,
    description="The ETag of what you read. Its part before the dot, the version, is compared.",
)
IDEMPOTENCY_KEY = OpenApiParameter(
    "Idempotency-Key",
    {"type": "string", "minLength": 1, "maxLength": 255},
    OpenApiParameter.HEADER,
    description="A text of your own. The same key with the same request gives the same answer "
    "and has one effect, for 24 hours.",
)
FIELDS = OpenApiParameter("fields", str, description="Only these fields, separated by commas.")
AS_OF = OpenApiParameter(
    "as_of",
    str,
    description="Facts that held on this day (2012-12-31), in that month or year (2012).",
)
UPDATED_SINCE = OpenApiParameter(
    "updated_since", str, description="Changed at or after this date or time (ISO 8601)."
)


class SessionScheme(OpenApiAuthenticationExtension):  # type: ignore[no-untyped-call]
    """The session cookie, as the portal's pages set it."""

    target_class = "core.api.authentication.SessionAuthentication"
    name = "session"

    def get_security_definition(self, auto_schema: AutoSchema) -> dict[str, str]:
        return {
            "type": "apiKey",
            "in": "cookie",
            "name": settings.SESSION_COOKIE_NAME,
            "description": "Sign in on the portal's pages; writes also need X-CSRFToken.",
        }


class StrictFilterExtension(DjangoFilterExtension):  # type: ignore[no-untyped-call]
    """Describes choices that are long, or come from the database, as codes without a list."""

    target_class = "core.api.filters.StrictFilterBackend"
    priority = 1

    def resolve_filter_field(
        self,
        auto_schema: AutoSchema,
        model: Any,
        filterset_class: Any,
        field_name: str,
        filter_field: Any,
    ) -> list[dict[str, Any]]:
        if not callable(filter_field.extra.get("choices")):
            described: list[dict[str, Any]] = super().resolve_filter_field(  # type: ignore[no-untyped-call]
                auto_schema, model, filterset_class, field_name, filter_field
            )
            return described
        return [
            {
                "in": "query",
                "name": field_name,
                "schema": {"type": "array", "items": {"type": "string"}},
                "description": f"{filter_field.label}: codes, any of them.",
                "explode": True,
                "style": "form",
            }
        ]


class PortalSchema(AutoSchema):
    """Adds what holds everywhere, so that views say only what is theirs."""

    view: Any

    def get_override_parameters(self) -> list[Any]:
        return list(self.view.parameters())

    def _get_response_bodies(
        self, direction: Literal["request", "response"] = "response"
    ) -> dict[str, Any]:
        bodies: dict[str, Any] = super()._get_response_bodies(direction)
        for code, body in bodies.items():
            content = body.get("content", {})
            if "text/csv" in content:
                content["text/csv"] = {"schema": {"type": "string"}}
            if "application/ld+json" in content:
                content["application/ld+json"] = {"schema": {"type": "object"}}
            if code in ("200", "201"):
                self._name_etag(body)
        for status in self._statuses():
            bodies.setdefault(status, self._problem(status).ref)
        return dict(sorted(bodies.items()))

    def _statuses(self) -> tuple[str, ...]:
        if self.method in SAFE_METHODS:
            gone = ("410",) if self.view._action() in self.view.may_be_gone else ()
            return (*_READ, *gone, "304")
        if self.method == "POST":
            is_conditional = IF_MATCH in self.view.parameters()
            return (*_WRITE, "422", *(_CONDITIONAL if is_conditional else ()))
        return (*_WRITE, *_CONDITIONAL)

    def _name_etag(self, body: dict[str, Any]) -> None:
        body.setdefault("headers", {})["ETag"] = {"schema": {"type": "string"}}

    def _problem(self, status: str) -> ResolvedComponent:
        if status == "304":
            response: dict[str, Any] = {"description": "You have this already."}
            name = "NotModified"
        else:
            schema = _component("Problem", ResolvedComponent.SCHEMA, PROBLEM)
            self.registry.register_on_missing(schema)
            name, description = ERRORS[status]
            response = {
                "description": description,
                "content": {"application/problem+json": {"schema": schema.ref}},
            }
            if status in ("429", "503"):
                response["headers"] = {"Retry-After": {"schema": {"type": "integer"}}}
        component = _component(name, ResolvedComponent.RESPONSE, response)
        self.registry.register_on_missing(component)
        return component


def _component(name: str, kind: str, schema: dict[str, Any]) -> ResolvedComponent:
    # Its own name identifies it: there is one of each.
    return ResolvedComponent(name, kind, schema, name)  # type: ignore[no-untyped-call]

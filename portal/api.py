"""/api/: the partner API's one router and its documentation."""

from functools import cache
from http import HTTPStatus
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import (
    Resolver404,
    URLPattern,
    URLResolver,
    include,
    path,
    re_path,
    resolve,
    reverse,
)
from django.utils import translation
from django.views.decorators.csrf import csrf_exempt
from drf_spectacular.generators import SchemaGenerator
from drf_spectacular.renderers import OpenApiJsonRenderer, OpenApiYamlRenderer
from drf_spectacular.utils import OpenApiParameter, extend_schema, inline_serializer
from drf_spectacular.views import SpectacularSwaggerSplitView
from rest_framework import serializers
from rest_framework.permissions import AllowAny
from rest_framework.request import Request
from rest_framework.routers import SimpleRouter

from catalogue import api as catalogue_api
from community import api as community_api
from core.api.problems import KINDS, problem_response
from core.api.responses import json_response
from core.api.views import ApiView
from evaluation import api as evaluation_api
from hubs import api as hubs_api


class _OpenView(ApiView):
    """Says the same to everybody."""

    authentication_classes = []
    permission_classes = [AllowAny]
    http_method_names = ["get", "head", "options"]


def _links(**routes: str) -> Any:
    return {name: serializers.URLField(help_text=text) for name, text in routes.items()}


class IndexView(_OpenView):
    """The versions of the API."""

    @extend_schema(
        operation_id="index",
        auth=[],
        responses=inline_serializer("Index", _links(v1="Version 1.")),
    )
    def get(self, request: Request) -> HttpResponse:
        return self.answer({"v1": request.build_absolute_uri(reverse("api_v1"))})


class VersionView(_OpenView):
    """What version 1 has."""

    routes = {
        "hubs": "hub-list",
        "compare": "hub-compare",
        "organisations": "organisation-list",
        "networks": "network-list",
        "drafts": "draft-list",
        "entries": "entry-list",
        "compare_entries": "entry-compare",
        "spaces": "space-list",
        "threads": "thread-list",
        "posts": "post-list",
        "schema": "api_schema",
        "docs": "api_docs",
    }

    @extend_schema(
        operation_id="v1",
        auth=[],
        responses=inline_serializer("Version", _links(**dict.fromkeys(routes, ""))),
    )
    def get(self, request: Request) -> HttpResponse:
        return self.answer(
            {
                name: request.build_absolute_uri(reverse(route))
                for name, route in self.routes.items()
            }
        )


class ProblemView(_OpenView):
    """What a problem's `type` means and what to do about it."""

    action_parameters = {
        "get": (OpenApiParameter("name", str, OpenApiParameter.PATH, enum=sorted(KINDS)),)
    }

    @extend_schema(
        operation_id="problem",
        auth=[],
        responses=inline_serializer(
            "ProblemKind",
            {
                "title": serializers.CharField(),
                "status": serializers.IntegerField(),
                "detail": serializers.CharField(),
            },
        ),
    )
    def get(self, request: Request, name: str) -> HttpResponse:
        if name not in KINDS:
            raise Http404
        kind = KINDS[name]
        return self.answer(
            {"title": str(kind.title), "status": kind.status, "detail": str(kind.advice)}
        )


@cache
def schema_document() -> dict[str, Any]:
    """Return the OpenAPI document, made once in each process; always in English."""
    with translation.override("en"):
        generator: Any = SchemaGenerator()  # type: ignore[no-untyped-call]
        document: dict[str, Any] = generator.get_schema(request=None, public=True)
        return document


@cache
def schema_yaml() -> bytes:
    """Return the OpenAPI document as `docs/openapi.yaml` has it."""
    renderer: Any = OpenApiYamlRenderer()
    return bytes(renderer.render(schema_document(), renderer_context={}))


@csrf_exempt
def schema(request: HttpRequest) -> HttpResponse:
    """The OpenAPI 3.1 document: JSON, or YAML with `?format=yaml`."""
    if request.method not in ("GET", "HEAD"):
        return problem_response(
            request, HTTPStatus.METHOD_NOT_ALLOWED, headers={"Allow": "GET, HEAD"}
        )
    wanted = request.GET.get("format", "json")
    if wanted == "yaml":
        return HttpResponse(schema_yaml(), content_type=OpenApiYamlRenderer.media_type)
    if wanted != "json":
        errors = {"format": ["json, yaml"]}
        return problem_response(request, HTTPStatus.BAD_REQUEST, kind="invalid", errors=errors)
    return json_response(request, schema_document(), content_type=OpenApiJsonRenderer.media_type)


class DocsView(SpectacularSwaggerSplitView):
    """The documentation to read and try, with its script in an answer of its own (CSP)."""

    url_name = "api_schema"
    template_name = "portal/api_docs.html"


@csrf_exempt  # nothing is changed here, and 404 says more than a missing token
def not_found(request: HttpRequest) -> HttpResponse:
    """404 for programs; an address that lacks its last slash is shown the way."""
    if request.method in ("GET", "HEAD") and not request.path.endswith("/"):
        try:
            match = resolve(f"{request.path_info}/")
        except Resolver404:
            match = None
        if match is not None and match.func is not not_found:
            query = request.META["QUERY_STRING"]
            target = f"{request.path}/" + (f"?{query}" if query else "")
            return HttpResponseRedirect(target, status=HTTPStatus.PERMANENT_REDIRECT)
    return problem_response(request, HTTPStatus.NOT_FOUND)


router = SimpleRouter()
hubs_api.register(router)
catalogue_api.register(router)
evaluation_api.register(router)
community_api.register(router)
urlpatterns: list[URLPattern | URLResolver] = [
    path("", IndexView.as_view(), name="api_index"),
    path("problems/<slug:name>/", ProblemView.as_view(), name="api_problem"),
    path("v1/", VersionView.as_view(), name="api_v1"),
    path("v1/schema/", schema, name="api_schema"),
    path("v1/docs/", DocsView.as_view(), name="api_docs"),
    path("v1/", include(hubs_api.urlpatterns)),
    path("v1/", include(catalogue_api.urlpatterns)),
    path("v1/", include(evaluation_api.urlpatterns)),
    path("v1/", include(router.urls)),
    re_path(r"^.*$", not_found, name="api_not_found"),
]

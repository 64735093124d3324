"""Badges: a small picture (SVG) of a hub or a member, for other sites to show.

Other sites load it as a picture, so it carries no style, script or address. It shows what
everybody may know, whoever asks.
"""

from __future__ import annotations

from dataclasses import dataclass

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.text import Truncator

MOST_OF_NAME = 30  # characters that fit beside the mark
MOST_OF_LINE = 40
SECONDS = 3_600  # that other sites may keep it


@dataclass(frozen=True, slots=True)
class Badge:
    """Where the badge of something is, and the HTML that shows it on another site."""

    address: str
    code: SafeString


def badge_of(root: str, *, page: str, badge: str, name: str) -> Badge:
    """Return the badge of what has its `page` and `badge` at these paths of the portal `root`."""
    code = format_html(
        '<a href="{root}{page}"><img src="{root}{badge}" alt="{name}" width="320" height="72"></a>',
        root=root,
        page=page,
        badge=badge,
        name=name,
    )
    return Badge(address=badge, code=code)


def badge_response(request: HttpRequest, *, name: str, line: str) -> HttpResponse:
    """Return the badge of something by its name, with a line about it under that."""
    context = {
        "title": f"{name} – {settings.SITE_NAME}",
        "name": Truncator(name).chars(MOST_OF_NAME),
        "line": Truncator(line).chars(MOST_OF_LINE),
    }
    response = render(request, "badge.svg", context, content_type="image/svg+xml; charset=utf-8")
    response["Cache-Control"] = f"public, max-age={SECONDS}"
    response["Content-Security-Policy"] = "default-src 'none'"
    response["Cross-Origin-Resource-Policy"] = "cross-origin"
    return response

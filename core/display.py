"""How a reader wants the pages shown: light or dark, with or without pictures and map.

Both choices live in cookies, hold nothing about the person and need no script.
"""

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST

COOKIE_AGE = 365 * 24 * 3600  # seconds
CHOICES = {"theme": ("auto", "light", "dark"), "low_data": ("off", "on")}  # the first is usual


def chosen(request: HttpRequest | None, name: str) -> str:
    """Return the reader's choice for `name`, the usual one when there is none."""
    options = CHOICES[name]
    value = request.COOKIES.get(name, "") if request is not None else ""
    return value if value in options else options[0]


@csrf_exempt  # a choice of colours harms nobody, and pages without a token can be shared
@require_POST
def set_display(request: HttpRequest) -> HttpResponse:
    """Keep the choices that were sent and return to the page they were made on."""
    target = request.POST.get("next", "")
    if not url_has_allowed_host_and_scheme(
        target, allowed_hosts={request.get_host()}, require_https=request.is_secure()
    ):
        target = "/"
    response = HttpResponseRedirect(target)
    for name, options in CHOICES.items():
        value = request.POST.get(name)
        if value == options[0]:
            response.delete_cookie(name, samesite="Lax")
        elif value in options:
            response.set_cookie(
                name,
                value,
                max_age=COOKIE_AGE,
                samesite="Lax",
                secure=settings.SESSION_COOKIE_SECURE,
                httponly=True,
            )
    return response

"""Pages with one form that writes: nothing typed is lost, whatever happens to the save."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from functools import partial, wraps
from http import HTTPStatus
from typing import Any

from django import forms
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from core import form_pages
from core.once import once
from core.typed import sign_in_first

UNTYPED = ("csrfmiddlewaretoken", "version", "opened_on")  # fields that nobody types
Labels = Mapping[str, object]
# As in core, shown on the page that most forms of facts have.
form_page = partial(form_pages.form_page, template="hubs/edit/form.html")


def writes(
    form: type[forms.BaseForm] | Callable[..., Labels],
) -> Callable[..., Callable[..., HttpResponse]]:
    """Ask visitors to sign in; show those who lost their right what they had typed.

    `form` is the class of the page's form, or a function that takes the address's arguments
    and returns the labels of the form's fields.
    """

    def labels_of(**address: object) -> Labels:
        if not isinstance(form, type):
            return form(**address)
        page: Any = form
        return {name: field.label for name, field in page.base_fields.items()}

    def decorate(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
        @wraps(view)
        def wrapped(request: HttpRequest, *args: object, **kwargs: object) -> HttpResponse:
            try:
                return view(request, *args, **kwargs)
            except PermissionDenied:
                typed = list(_typed(request, labels_of(**kwargs)))
                if not typed:
                    raise
                return render(
                    request, "hubs/edit/refused.html", {"typed": typed}, status=HTTPStatus.FORBIDDEN
                )

        return sign_in_first(once(wrapped))

    return decorate


def _typed(request: HttpRequest, labels: Labels) -> Iterator[tuple[object, str]]:
    for name, values in request.POST.lists():
        text = ", ".join(value for value in values if value)
        if text and name in labels and name not in UNTYPED:
            yield labels[name], text

"""Pages with one form that writes: nothing typed is lost, whatever happens to the save."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from functools import wraps
from http import HTTPStatus
from typing import Any

from django import forms
from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from core.conflicts import conflict as conflict
from core.errors import DomainError, StaleEdit
from core.once import once
from core.typed import recall_typed, sign_in_first

UNTYPED = ("csrfmiddlewaretoken", "version", "opened_on")  # fields that nobody types
Labels = Mapping[str, object]


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


def form_page(
    request: HttpRequest,
    make: Callable[[Any], Any],
    save: Callable[[Any], str],
    context: dict[str, Any],
    *,
    done: str | Callable[[], str],
    row: Any = None,
    template: str = "hubs/edit/form.html",
) -> HttpResponse:
    """Show the form that `make` makes of typed data or of None; `save` it and go to `done`: an
    address, or a function that returns it where only `save` makes what it leads to.

    `save` returns the receipt. `row` is what is changed, for the name of who changed it
    meanwhile.
    """
    data = request.POST if request.method == "POST" else recall_typed(request)
    form = make(data)
    status = HTTPStatus.OK
    if data is not None and request.method != "POST":
        messages.warning(request, _("What you typed was kept. It is not saved yet."))
    elif data is not None and form.is_valid():
        try:
            messages.success(request, save(form))
        except StaleEdit as error:
            form = _at_version(make, request, error.version, form)
            context |= conflict(form, error, row)
            status = HTTPStatus.CONFLICT
        except ValidationError as error:
            _add_errors(form, error)
        except DomainError as error:
            form.add_error(None, str(error))
        else:
            return redirect(done() if callable(done) else done)
    return render(request, template, context | {"form": form}, status=status)


def _at_version(make: Callable[[Any], Any], request: HttpRequest, version: int, late: Any) -> Any:
    """Return the form as it was typed, made from the version that is saved now."""
    typed = request.POST.copy()
    typed["version"] = str(version)
    if "opened_on" in late.fields:
        typed["opened_on"] = late.cleaned_data["assessed_on"].isoformat()
    form = make(typed)
    form.is_valid()
    return form


def _add_errors(form: Any, error: ValidationError) -> None:
    """Show what a service found wrong at the field, or above the form."""
    problems = error.error_dict if hasattr(error, "error_dict") else {"": error.error_list}
    for name, texts in problems.items():
        form.add_error(name if name in form.fields else None, texts)

"""Pages that show a form, save it by a service, and tell what became of it."""

from __future__ import annotations

from collections.abc import Callable
from http import HTTPStatus
from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from core.conflicts import conflict
from core.errors import DomainError, Removed, StaleEdit
from core.typed import recall_typed


def form_page(
    request: HttpRequest,
    make: Callable[[Any], Any],
    save: Callable[[Any], str],
    context: dict[str, Any],
    *,
    done: str | Callable[[], str],
    row: Any = None,
    template: str,
    tells_removal: bool = True,
) -> HttpResponse:
    """Show the form that `make` makes of typed data or of None; `save` it and go to `done`: an
    address, or a function that returns it where only `save` makes what it leads to.

    `save` returns the receipt. `row` is what is changed, for the name of who changed it
    meanwhile. `Removed` passes through where the caller has a page of its own for that
    (`tells_removal` False).
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
            if isinstance(error, Removed) and not tells_removal:
                raise
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

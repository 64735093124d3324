"""Forms as the rules of what programs write: one rule for the page and for the API."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from typing import Any

from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import UploadedFile
from django.http import QueryDict
from django.utils.translation import gettext as _
from rest_framework import serializers
from rest_framework.request import Request

from core.api.errors import errors_of
from core.api.responses import dumps


def filled(make: Callable[[Any], Any], given: Mapping[str, Any]) -> Any:
    """Return the valid form that `make` makes of data: what is saved, and `given` over it.

    `given` holds, by the form's fields, values that a serializer found to be of the right type.
    Raises `ValidationError` by field in the words that the page has for it.
    """
    blank = make(None)
    if barred := given.keys() - blank.fields.keys():
        message = _("This is not yours to state.")
        raise ValidationError({name: [message] for name in barred})
    data = {
        name: field.prepare_value(given.get(name, blank.get_initial_for_field(field, name)))
        for name, field in blank.fields.items()
    }
    return valid(make(data))


def valid(form: Any) -> Any:
    """Return the form; raise `ValidationError` by field if it is not valid."""
    if not form.is_valid():
        raise ValidationError(form.errors.as_data())
    return form


@contextmanager
def errors_named_as(serializer: serializers.BaseSerializer[Any], **others: str) -> Iterator[None]:
    """Let errors at columns be told at the fields in which `serializer` reads these, and those
    at fields of the form that it does not have as `others` say.
    """
    try:
        yield
    except ValidationError as error:
        fields: Mapping[str, Any] = getattr(serializer, "fields", {})
        names = {field.source or name: name for name, field in fields.items()} | others
        raise serializers.ValidationError(
            {names.get(column, column): texts for column, texts in errors_of(error).items()}
        ) from error


def body_of(request: Request) -> bytes:
    """Return what tells one body from another: JSON as it was read; of a form its fields, and
    a digest of each file.
    """
    data = request.data
    if not isinstance(data, QueryDict):
        return dumps(data)
    return dumps({name: [_told(value) for value in values] for name, values in data.lists()})


def _told(value: object) -> object:
    if not isinstance(value, UploadedFile):
        return value
    digest = hashlib.sha256()
    for chunk in value.chunks():
        digest.update(chunk)
    value.seek(0)
    return [value.name, digest.hexdigest()]

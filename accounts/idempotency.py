"""One effect for one Idempotency-Key, however often a program repeats its request."""

import datetime
import hashlib
from collections.abc import Callable
from http import HTTPStatus

from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.translation import gettext as _
from rest_framework.exceptions import ValidationError

from accounts.models import IdempotentRequest, Member
from core.api.errors import KeyReused

KEPT_FOR = datetime.timedelta(hours=24)
MAX_KEY = 255  # characters
REPLAYED = "Idempotent-Replayed"
_KEPT_HEADERS = ("Content-Type", "ETag", "Location")


def answer_once(
    request: HttpRequest, body: bytes, *, by: Member, act: Callable[[], HttpResponse]
) -> HttpResponse:
    """Return what `act` answers; with an Idempotency-Key, act once and repeat the answer.

    The key's row is written first and in the transaction of the effect: of two requests at
    once the second waits for the first and then gets its answer. A refusal undoes the row, so
    that it can be tried again. Raise `KeyReused` (422) if `by` used the key for another request.
    """
    key = request.headers.get("Idempotency-Key")
    if key is None:
        return act()
    if not 1 <= len(key) <= MAX_KEY or not key.isascii() or not key.isprintable():
        message = _("Give 1 to %(maximum)d printable ASCII characters.") % {"maximum": MAX_KEY}
        raise ValidationError({"Idempotency-Key": [message]})
    fingerprint = _fingerprint(request, body)
    with transaction.atomic():
        # Whoever writes keys also clears away: no task has to be running for that.
        IdempotentRequest.objects.filter(
            member=by, created_at__lt=timezone.now() - KEPT_FOR
        ).delete()
        row = IdempotentRequest(member=by, key=key, fingerprint=fingerprint)
        IdempotentRequest.objects.bulk_create([row], ignore_conflicts=True)
        kept = IdempotentRequest.objects.select_for_update().get(member=by, key=key)
        if kept.fingerprint != fingerprint:
            raise KeyReused
        if kept.status is not None:
            return _replay(kept)
        response = act()
        kept.status = response.status_code
        kept.headers = {name: response[name] for name in _KEPT_HEADERS if name in response}
        kept.body = response.content.decode()
        kept.save(update_fields=["status", "headers", "body"])
    return response


def _fingerprint(request: HttpRequest, body: bytes) -> str:
    about = f"{request.method} {request.get_full_path()}\n".encode()
    return hashlib.sha256(about + body).hexdigest()


def _replay(kept: IdempotentRequest) -> HttpResponse:
    response = HttpResponse(kept.body, status=kept.status or HTTPStatus.OK, headers=kept.headers)
    response["Cache-Control"] = "no-store"
    response[REPLAYED] = "true"
    return response

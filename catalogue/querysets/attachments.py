"""Which attachments there are for whom."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Self

from django.apps import apps
from django.db.models import Exists, OuterRef, Q, QuerySet

if TYPE_CHECKING:
    from hubs.querysets import User


class AttachmentQuerySet(QuerySet[Any]):
    def visible_to(self, user: User) -> Self:
        """Those of published versions of entries that the user may see, and those of drafts
        that the user works on.
        """
        shown = apps.get_model("catalogue", "EntryAttachment").objects.visible_to(user)
        drafts = apps.get_model("catalogue", "Draft").objects.visible_to(user)
        return self.filter(
            Exists(shown.filter(attachment=OuterRef("pk"))) | Q(draft__in=drafts.values("pk"))
        )

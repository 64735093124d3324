"""The catalogue of packaged experience."""

from importlib import import_module

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _

from accounts.registers import VERBS


class CatalogueConfig(AppConfig):
    name = "catalogue"
    verbose_name = _("Catalogue")

    def ready(self) -> None:
        import_module("catalogue.kinds")
        VERBS.update(
            {
                "draft.begun": _("Draft begun"),
                "draft.changes_requested": _("Changes of a draft asked for"),
                "draft.declined": _("Draft declined"),
                "draft.published": _("Draft published"),
                "draft.reviewer_assigned": _("Reviewer asked"),
                "draft.submitted": _("Draft sent for review"),
                "draft.withdrawn": _("Draft taken back"),
                "entry.archived": _("Entry archived"),
                "entry.contested": _("Entry marked as contested"),
                "block.added": _("Building block added"),
                "block.attached": _("Building block named in an entry"),
                "block.changed": _("Building block changed"),
                "block.detached": _("Building block taken out of an entry"),
                "block.published": _("Building block published"),
                "block.withdrawn": _("Building block withdrawn"),
                "entry.published": _("Entry published"),
                "entry.restored": _("Entry taken out of the archive"),
                "entry.settled": _("Entry no longer contested"),
                "translation.removed": _("Translation removed"),
                "translation.reviewed": _("Translation reviewed"),
                "translation.saved": _("Translation saved"),
                "entry.withdrawn": _("Entry withdrawn"),
            }
        )

"""The catalogue of packaged experience."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _

from accounts.registers import VERBS


class CatalogueConfig(AppConfig):
    name = "catalogue"
    verbose_name = _("Catalogue")

    def ready(self) -> None:
        VERBS.update(
            {
                "block.added": _("Building block added"),
                "block.attached": _("Building block named in an entry"),
                "block.changed": _("Building block changed"),
                "block.detached": _("Building block taken out of an entry"),
                "block.published": _("Building block published"),
                "block.withdrawn": _("Building block withdrawn"),
                "entry.published": _("Entry published"),
            }
        )

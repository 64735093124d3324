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
                "entry.published": _("Entry published"),
            }
        )

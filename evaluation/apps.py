"""Exchanges, results frameworks and figures."""

from importlib import import_module

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _

from accounts.registers import VERBS


class EvaluationConfig(AppConfig):
    name = "evaluation"
    verbose_name = _("Exchanges and results")

    def ready(self) -> None:
        """Describe the verbs of this app's activities; make its things findable."""
        import_module("evaluation.kinds")
        VERBS.update(
            {
                "figures.retried": _("Computation of figures tried again"),
                "figures.settled": _("Drift of a figure settled"),
                "framework.begun": _("Framework begun"),
                "framework.changed": _("Framework changed"),
                "framework.published": _("Framework published"),
                "framework.withdrawn": _("Framework withdrawn"),
                "indicator.changed": _("Indicator of the library changed"),
                "period.locked": _("Period locked"),
                "period.opened": _("Locked period opened for late reports"),
                "period.unlocked": _("Period unlocked"),
            }
        )

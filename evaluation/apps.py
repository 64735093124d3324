"""Exchanges, results frameworks and figures."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _

from accounts.registers import VERBS


class EvaluationConfig(AppConfig):
    name = "evaluation"
    verbose_name = _("Exchanges and results")

    def ready(self) -> None:
        """Describe the verbs of this app's activities."""
        VERBS.update(
            {
                "figures.retried": _("Computation of figures tried again"),
                "figures.settled": _("Drift of a figure settled"),
            }
        )

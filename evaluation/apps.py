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
                "action.added": _("Point of an action plan added"),
                "action.changed": _("Point of an action plan changed"),
                "action.done": _("Point of an action plan done"),
                "action.reopened": _("Point of an action plan opened again"),
                "evidence.added": _("Evidence added"),
                "evidence.withdrawn": _("Evidence withdrawn"),
                "plan.begun": _("Action plan begun"),
                "story.begun": _("Impact story begun"),
                "story.changed": _("Impact story changed"),
                "story.published": _("Impact story published"),
                "story.returned": _("Impact story returned"),
                "story.rung_lowered": _("Impact story fell to a lower rung"),
                "story.rung_raised": _("Impact story reached a higher rung"),
                "story.submitted": _("Impact story sent for approval"),
                "story.taken_back": _("Impact story taken back from approval"),
                "story.withdrawn": _("Impact story withdrawn"),
                "survey.answer_used": _("Answer to a survey made evidence"),
                "survey.person_added": _("Person added to be asked"),
                "survey.person_forgotten": _("Person forgotten who was asked"),
                "update.approved": _("Figure approved"),
                "update.begun": _("Figure begun"),
                "update.changed": _("Figure changed"),
                "update.recalled": _("Figure taken back from approval"),
                "update.reported": _("Figure reported by a link"),
                "update.returned": _("Figure returned with a note"),
                "update.revised": _("Revision of a figure begun"),
                "update.submitted": _("Figure sent for approval"),
                "update.superseded": _("Figure superseded"),
                "update.uploaded": _("Figure uploaded in a table"),
                "update.withdrawn": _("Figure withdrawn"),
            }
        )

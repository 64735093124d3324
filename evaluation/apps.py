"""Exchanges, results frameworks and figures."""

from importlib import import_module

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _

from accounts.registers import FORGET, OWN_DATA, VERBS
from catalogue.registers import (
    ADOPTION_CHANGED,
    ADOPTION_GOES,
    TRANSLATION_CHANGED,
    TRANSLATION_GOES,
)
from hubs.registers import HUB_CHANGED


class EvaluationConfig(AppConfig):
    name = "evaluation"
    verbose_name = _("Exchanges and results")

    def ready(self) -> None:
        """Describe the verbs of this app's activities; make its things findable; follow others."""
        import_module("evaluation.kinds")
        own_data = import_module("evaluation.services.own_data")
        OWN_DATA["impact_stories"] = own_data.stories_of
        OWN_DATA["figures"] = own_data.updates_of
        OWN_DATA["confirmations"] = own_data.confirmations_of
        OWN_DATA["action_points"] = own_data.action_points_of
        OWN_DATA["evidence"] = own_data.evidence_of
        FORGET.append(own_data.free_action_points)
        finding = import_module("evaluation.services.finding")
        HUB_CHANGED.append(finding.index_exchanges_of_hub)
        outbox = import_module("evaluation.services.outbox")
        HUB_CHANGED.append(outbox.recalculate_hub)
        rungs = import_module("evaluation.services.rungs")
        ADOPTION_CHANGED.append(rungs.settle_for_adoption)
        ADOPTION_GOES.append(rungs.let_go_of_adoption)
        TRANSLATION_CHANGED.append(rungs.settle_for_translation)
        TRANSLATION_GOES.append(rungs.let_go_of_translation)
        VERBS.update(
            {
                "action.added": _("Point of an action plan added"),
                "action.changed": _("Point of an action plan changed"),
                "action.done": _("Point of an action plan done"),
                "action.reopened": _("Point of an action plan opened again"),
                "dimension.changed": _("Dimension of the library added or changed"),
                "evidence.added": _("Evidence added"),
                "evidence.withdrawn": _("Evidence withdrawn"),
                "exchange.agreed_to_differ": _("Difference in an exchange let stand by one side"),
                "exchange.begun": _("Exchange begun"),
                "exchange.changed": _("Exchange changed"),
                "exchange.confirmed": _("Exchange confirmed by one side"),
                "exchange.contribution_added": _("Contribution to an exchange added"),
                "exchange.contribution_changed": _("Contribution to an exchange changed"),
                "exchange.contribution_removed": _("Contribution to an exchange taken out"),
                "exchange.copied": _("Exchange begun as a copy of another"),
                "exchange.differs": _("Exchange stated differently by one side"),
                "exchange.moved": _("Status of an exchange changed"),
                "exchange.party_added": _("Party to an exchange added"),
                "exchange.party_changed": _("Party to an exchange changed"),
                "exchange.party_removed": _("Party to an exchange taken out"),
                "exchange.people_stated": _("People at a step of an exchange stated"),
                "exchange.published": _("Exchange published"),
                "exchange.step_added": _("Step of an exchange added"),
                "exchange.step_changed": _("Step of an exchange changed"),
                "exchange.step_removed": _("Step of an exchange taken out"),
                "exchange.tied": _("Entries of an exchange changed"),
                "exchange.withdrawn": _("Exchange withdrawn"),
                "figures.requested": _("All figures of a framework to be computed anew"),
                "figures.retried": _("Computation of figures tried again"),
                "figures.settled": _("Drift of a figure settled"),
                "framework.begun": _("Framework begun"),
                "framework.changed": _("Framework changed"),
                "framework.published": _("Framework published"),
                "framework.withdrawn": _("Framework withdrawn"),
                "indicator.changed": _("Indicator of the library changed"),
                "period.closed": _("Leave for late reports ended before its time"),
                "period.locked": _("Period locked"),
                "period.opened": _("Locked period opened for late reports"),
                "period.unlocked": _("Period unlocked"),
                "plan.begun": _("Action plan begun"),
                "story.begun": _("Impact story begun"),
                "story.changed": _("Impact story changed"),
                "story.published": _("Impact story published"),
                "story.returned": _("Impact story returned"),
                "story.rung_lowered": _("Impact story fell to a lower rung"),
                "story.rung_raised": _("Impact story reached a higher rung"),
                "story.submitted": _("Impact story sent for approval"),
                "story.taken_back": _("Impact story taken back from approval"),
                "story.taken_up": _("Withdrawn impact story taken up again"),
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
                "upload.retried": _("Table of figures of somebody else tried again"),
                "update.withdrawn": _("Figure withdrawn"),
            }
        )

"""What hubs add to the portal when it starts."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _

from accounts.verbs import VERBS


class HubsConfig(AppConfig):
    name = "hubs"
    verbose_name = _("Hubs")

    def ready(self) -> None:
        """Describe the verbs of this app's activities."""
        VERBS.update(
            {
                "assessment.consent_withdrawn": _("Consent to the self-assessment withdrawn"),
                "assessment.consented": _("Consent to the self-assessment given"),
                "assessment.saved": _("Self-assessment saved"),
                "fact.added": _("Fact added"),
                "fact.changed": _("Fact changed"),
                "fact.removed": _("Fact removed"),
                "hub.changed": _("Hub changed"),
                "hub.verified": _("Page verified"),
                "membership.confirmed": _("Membership confirmed"),
                "membership.declined": _("Membership declined"),
                "membership.ended": _("Membership ended"),
                "membership.requested": _("Membership requested"),
                "organisation.added": _("Organisation added"),
            }
        )

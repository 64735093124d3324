"""What hubs add to the portal when it starts."""

from typing import Any

from django.apps import AppConfig
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from accounts.registers import MAY_ADMIT, OWN_DATA, SHARES_HUB, VERBS


class HubsConfig(AppConfig):
    name = "hubs"
    verbose_name = _("Hubs")

    def ready(self) -> None:
        """Describe the verbs of this app's activities; add to what members may take away."""
        OWN_DATA["memberships"] = self._memberships_of
        SHARES_HUB.append(self._share_hub)
        MAY_ADMIT.append(self._asked_of)
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

    def _memberships_of(self, member_pk: int) -> list[dict[str, object]]:
        rows = self.get_model("Membership")._default_manager.filter(member=member_pk)
        columns = ("hub__slug", "role", "valid_from", "valid_to", "message", "confirmed_at")
        return list(rows.values(*columns, "declined_at", "decline_reason"))

    def _asked_of(self, user: Any) -> Q:
        memberships: Any = self.get_model("Membership")._default_manager
        return Q(pk__in=memberships.awaiting().confirmable_by(user).values("member"))

    def _share_hub(self, one: int, other: int) -> bool:
        memberships: Any = self.get_model("Membership")._default_manager
        in_force = memberships.in_force()
        hubs = in_force.filter(member=one).values("hub")
        return bool(in_force.filter(member=other, hub__in=hubs).exists())

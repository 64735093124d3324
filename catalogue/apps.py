"""The catalogue of packaged experience."""

from importlib import import_module

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _

from accounts.registers import FORGET, MEMBER_CHANGED, OWN_DATA, VERBS
from hubs.registers import HUB_CHANGED


class CatalogueConfig(AppConfig):
    name = "catalogue"
    verbose_name = _("Catalogue")

    def ready(self) -> None:
        """Describe the verbs of this app's activities; add to what members may take away."""
        import_module("catalogue.kinds")
        OWN_DATA["adoptions"] = self._adoptions_of
        OWN_DATA["expert_profile"] = self._expert_of
        services = import_module("catalogue.services")
        FORGET.append(services.forget_expert)
        MEMBER_CHANGED.append(services.index_expert_of)
        HUB_CHANGED.append(services.index_experts_of_hub)
        OWN_DATA["saved_searches"] = self._searches_of
        VERBS.update(
            {
                "adoption.changed": _("Adoption changed"),
                "adoption.claimed": _("Adoption stated"),
                "adoption.confirmed": _("Adoption confirmed"),
                "adoption.rejected": _("Adoption rejected"),
                "adoption.retracted": _("Adoption taken back"),
                "block.added": _("Building block added"),
                "block.attached": _("Building block named in an entry"),
                "block.changed": _("Building block changed"),
                "block.detached": _("Building block taken out of an entry"),
                "block.published": _("Building block published"),
                "block.withdrawn": _("Building block withdrawn"),
                "draft.begun": _("Draft begun"),
                "draft.changes_requested": _("Changes of a draft asked for"),
                "draft.declined": _("Draft declined"),
                "draft.published": _("Draft published"),
                "draft.reviewer_assigned": _("Reviewer asked"),
                "draft.submitted": _("Draft sent for review"),
                "draft.withdrawn": _("Draft taken back"),
                "import.done": _("Table imported"),
                "import.retried": _("Import of somebody else tried again"),
                "entry.archived": _("Entry archived"),
                "entry.contested": _("Entry marked as contested"),
                "entry.published": _("Entry published"),
                "entry.restored": _("Entry taken out of the archive"),
                "entry.settled": _("Entry no longer contested"),
                "translation.removed": _("Translation removed"),
                "translation.reviewed": _("Translation reviewed"),
                "translation.saved": _("Translation saved"),
                "entry.withdrawn": _("Entry withdrawn"),
                "expert.added": _("Expert added"),
                "expert.changed": _("Profile of an expert changed"),
                "expert.consent_withdrawn": _("Employer's consent to an expert withdrawn"),
                "expert.consented": _("Employer's consent to an expert given"),
                "expert.declined": _("Employer's consent to an expert refused"),
                "resource.added": _("Resource added"),
                "resource.changed": _("Resource changed"),
                "resource.published": _("Resource published"),
                "resource.withdrawn": _("Resource withdrawn"),
                "tag.added": _("Tag added"),
                "tag.changed": _("Tag changed"),
                "tag.merged": _("Tags merged"),
                "tag.removed": _("Tag removed"),
            }
        )

    def _adoptions_of(self, member_pk: int) -> list[dict[str, object]]:
        rows = self.get_model("Adoption")._default_manager.filter(claimed_by=member_pk)
        things = ("entry__slug", "block__slug", "hub__slug", "organisation__slug")
        said = ("resulting_entry__slug", "outcome", "kept", "changed", "dropped", "why", "state")
        return list(rows.values(*things, *said, "created_at"))

    def _expert_of(self, member_pk: int) -> list[dict[str, object]]:
        rows = self.get_model("Expert")._default_manager.filter(member=member_pk)
        columns = (
            *("headline", "language", "biography", "biography_audience", "sectors", "countries"),
            *("years", "years_audience", "availability", "hub__slug", "employer"),
            *("employer_audience", "contact", "contact_audience", "is_published"),
            *("consented_on", "declined_at", "decline_reason", "created_at"),
        )
        found = list(rows.values(*columns))
        spoken = self.get_model("ExpertLanguage")._default_manager.filter(expert__member=member_pk)
        languages = list(spoken.values("language", "level"))
        return [row | {"languages": languages} for row in found]

    def _searches_of(self, member_pk: int) -> list[dict[str, object]]:
        rows = self.get_model("SavedSearch")._default_manager.filter(member=member_pk)
        return list(rows.values("name", "place", "query", "alert", "last_alerted_at", "created_at"))

"""The community: members, spaces, threads."""

from importlib import import_module

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _

from accounts.registers import FORGET, MEMBER_CHANGED, OWN_DATA, VERBS
from catalogue.registers import INDEXED
from hubs.registers import HUB_CHANGED


class CommunityConfig(AppConfig):
    name = "community"
    verbose_name = _("Community")

    def ready(self) -> None:
        """Describe the verbs of this app's activities; follow what becomes of members."""
        import_module("community.kinds")
        finding = import_module("community.services.finding")
        INDEXED.append(finding.index_threads_about)
        HUB_CHANGED.append(finding.index_threads_of_hub)
        own_data = import_module("community.services.own_data")
        OWN_DATA["posts"] = own_data.posts_of
        OWN_DATA["drafts_of_replies"] = own_data.drafts_of
        OWN_DATA["useful_marks"] = own_data.marks_of
        OWN_DATA["spaces"] = own_data.spaces_of
        FORGET.append(own_data.forget)
        MEMBER_CHANGED.append(import_module("community.services.mentions").rename_mentioned)
        VERBS.update(
            {
                "post.approved": _("Post approved"),
                "post.changed": _("Post changed"),
                "post.removed": _("Post removed"),
                "post.restored": _("Post shown again"),
                "post.written": _("Post written"),
                "space.begun": _("Space opened"),
                "space.changed": _("Space changed"),
                "space.person_removed": _("Person taken out of a space"),
                "space.person_set": _("Person of a space named"),
                "thread.answer_withdrawn": _("Answer to a question withdrawn"),
                "thread.answered": _("Answer to a question accepted"),
                "thread.begun": _("Thread begun"),
                "thread.changed": _("Thread changed"),
                "thread.closed": _("Thread closed"),
                "thread.merged": _("Threads merged"),
                "thread.moved": _("Thread moved to another space"),
                "thread.removed": _("Thread removed"),
                "thread.reopened": _("Thread opened again"),
                "thread.restored": _("Thread shown again"),
                "thread.split": _("Thread split"),
            }
        )

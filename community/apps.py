"""The community: members, spaces, threads."""

from importlib import import_module

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _

from accounts.registers import APPEAL_ADDRESS, FORGET, MEMBER_CHANGED, OWN_DATA, VERBS


class CommunityConfig(AppConfig):
    name = "community"
    verbose_name = _("Community")

    def ready(self) -> None:
        """Describe the verbs of this app's activities; follow what becomes of members."""
        own_data = import_module("community.services.own_data")
        OWN_DATA["posts"] = own_data.posts_of
        OWN_DATA["drafts_of_replies"] = own_data.drafts_of
        OWN_DATA["useful_marks"] = own_data.marks_of
        OWN_DATA["spaces"] = own_data.spaces_of
        FORGET.append(own_data.forget)
        moderation_data = import_module("community.services.moderation_data")
        OWN_DATA["reports"] = moderation_data.flags_of
        OWN_DATA["decisions_of_moderators"] = moderation_data.decisions_about
        OWN_DATA["appeals"] = moderation_data.appeals_of
        FORGET.append(moderation_data.forget)
        APPEAL_ADDRESS.append(import_module("community.services.appeals").appeal_path)
        MEMBER_CHANGED.append(import_module("community.services.mentions").rename_mentioned)
        VERBS.update(
            {
                "appeal.decided": _("Appeal decided"),
                "appeal.made": _("Appeal against a decision"),
                "flag.raised": _("Something reported to the moderators"),
                "member.merged": _("Two accounts of one person made one"),
                "moderation.decided": _("Decision of a moderator"),
                "moderation.undone": _("Decision of a moderator taken back"),
                "word.unwatched": _("Word watched no longer"),
                "word.watched": _("Word watched"),
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

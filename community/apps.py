"""The community: members, spaces, threads, events, notices, moderation."""

from importlib import import_module

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _

from accounts.registers import (
    ACTIVITY_RECORDED,
    APPEAL_ADDRESS,
    DECIDES,
    DIGEST_SOURCES,
    FORGET,
    MEMBER_CHANGED,
    OWN_DATA,
    VERBS,
)
from catalogue.registers import INDEXED
from community.verbs import COMMUNITY_VERBS
from evaluation.registers import EXCHANGES_CHANGED
from hubs.registers import HUB_CHANGED


class CommunityConfig(AppConfig):
    name = "community"
    verbose_name = _("Community")

    def ready(self) -> None:
        """Describe the verbs of this app's activities; make its things findable; follow others."""
        import_module("community.kinds")
        VERBS.update(COMMUNITY_VERBS)
        self._ready_to_talk()
        self._ready_for_events()
        self._ready_for_articles()
        self._ready_to_tell()
        self._ready_to_moderate()
        self._ready_to_announce()

    @staticmethod
    def _ready_to_talk() -> None:
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

    @staticmethod
    def _ready_for_events() -> None:
        own_data = import_module("community.services.event_own_data")
        OWN_DATA["events"] = own_data.events_of
        OWN_DATA["enrolments"] = own_data.enrolments_of
        OWN_DATA["event_feedback"] = own_data.feedback_of
        FORGET.append(own_data.leave_seats)
        records = import_module("community.services.event_records")
        HUB_CHANGED.append(records.index_events_of_hub)
        EXCHANGES_CHANGED.append(records.index_events_of_exchanges)

    @staticmethod
    def _ready_for_articles() -> None:
        records = import_module("community.services.article_records")
        INDEXED.append(records.index_articles_about)
        HUB_CHANGED.append(records.index_articles_of_hub)
        OWN_DATA["articles"] = records.articles_of

    @staticmethod
    def _ready_to_tell() -> None:
        telling = import_module("community.services.telling")
        notices = import_module("community.services.notices")
        own_data = import_module("community.services.notice_own_data")
        ACTIVITY_RECORDED.append(telling.owe_telling)
        DIGEST_SOURCES.append(notices.DIGEST_SOURCE)
        addressed = import_module("community.services.addressing").addressed
        also_told = import_module("community.news").ALSO_TOLD
        also_told.update(dict.fromkeys(("thread.begun", "post.written"), addressed))
        FORGET.append(notices.forget_member)
        OWN_DATA["follows"] = own_data.follows_of
        OWN_DATA["notices"] = own_data.notices_of

    @staticmethod
    def _ready_to_moderate() -> None:
        moderation_data = import_module("community.services.moderation_data")
        OWN_DATA["reports"] = moderation_data.flags_of
        OWN_DATA["decisions_of_moderators"] = moderation_data.decisions_about
        OWN_DATA["appeals"] = moderation_data.appeals_of
        FORGET.append(moderation_data.forget)
        queue_digest = import_module("community.services.queue_digest")
        DIGEST_SOURCES.append(queue_digest.QUEUE_SOURCE)
        FORGET.append(queue_digest.forget)
        DECIDES.append(import_module("community.querysets.moderation").moderates)
        APPEAL_ADDRESS.append(import_module("community.services.appeals").appeal_path)

    @staticmethod
    def _ready_to_announce() -> None:
        own_data = import_module("community.services.announcement_own_data")
        OWN_DATA["announcements"] = own_data.written_by
        OWN_DATA["announcements_received"] = own_data.got_by
        FORGET.append(own_data.leave)
        sending = import_module("community.services.announcement_sending")
        DIGEST_SOURCES.append(sending.DIGEST_SOURCE)

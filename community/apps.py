"""The community: members, spaces, events, notices."""

from importlib import import_module

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _

from accounts.registers import ACTIVITY_RECORDED, DIGEST_SOURCES, FORGET, OWN_DATA


class CommunityConfig(AppConfig):
    name = "community"
    verbose_name = _("Community")

    def ready(self) -> None:
        """Tell who follows what happens; add to what members may take away."""
        telling = import_module("community.services.telling")
        notices = import_module("community.services.notices")
        own_data = import_module("community.services.own_data")
        ACTIVITY_RECORDED.append(telling.owe_telling)
        DIGEST_SOURCES.append(notices.DIGEST_SOURCE)
        FORGET.append(notices.forget_member)
        OWN_DATA["follows"] = own_data.follows_of
        OWN_DATA["notices"] = own_data.notices_of

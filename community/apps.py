"""The community: members, spaces, events, notices."""

from importlib import import_module

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _

from accounts.registers import FORGET, OWN_DATA, VERBS
from evaluation.registers import EXCHANGES_CHANGED
from hubs.registers import DEMO, HUB_CHANGED


class CommunityConfig(AppConfig):
    name = "community"
    verbose_name = _("Community")

    def ready(self) -> None:
        """Describe the verbs of this app's activities; make its things findable; follow others."""
        import_module("community.kinds")
        self._ready_for_events()

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
        DEMO.append(import_module("community.services.event_demo").load_demo_events)
        VERBS.update(
            {
                "enrolment.approved": _("Seat at an event given"),
                "enrolment.asked": _("Seat at an event asked for"),
                "enrolment.declined": _("Seat at an event declined"),
                "enrolment.given_up": _("Seat at an event given up"),
                "enrolment.moved_up": _("Seat at an event given to who waited"),
                "event.attendance_marked": _("Attendance at an event marked"),
                "event.begun": _("Event begun"),
                "event.cancelled": _("Event cancelled"),
                "event.changed": _("Event changed"),
                "event.published": _("Event published"),
            }
        )

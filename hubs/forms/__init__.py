"""Forms in which a hub's people write its page."""

from hubs.forms.assessment import AssessmentForm
from hubs.forms.fact import FactForm, RemoveFactForm
from hubs.forms.facts import FACT_FORMS
from hubs.forms.identity import HubForm
from hubs.forms.memberships import DeclineForm, MembershipForm

__all__ = [
    "FACT_FORMS",
    "AssessmentForm",
    "DeclineForm",
    "FactForm",
    "HubForm",
    "MembershipForm",
    "RemoveFactForm",
]

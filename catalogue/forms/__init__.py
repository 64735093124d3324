"""Forms of the catalogue: what is typed, in shapes that services take."""

from catalogue.forms.adoptions import AdoptionForm, AdoptionReasonForm, ClaimForm
from catalogue.forms.blocks import AttachForm, BlockForm, NewBlockForm
from catalogue.forms.drafts import StartForm, section_form
from catalogue.forms.reviews import AssignForm, DecisionForm, MessageForm, ReasonForm, VerdictForm
from catalogue.forms.saved_searches import SavedSearchForm
from catalogue.forms.translations import LanguageForm, TranslationForm

__all__ = [
    "AdoptionForm",
    "AdoptionReasonForm",
    "AssignForm",
    "AttachForm",
    "BlockForm",
    "ClaimForm",
    "DecisionForm",
    "LanguageForm",
    "MessageForm",
    "NewBlockForm",
    "ReasonForm",
    "SavedSearchForm",
    "StartForm",
    "TranslationForm",
    "VerdictForm",
    "section_form",
]

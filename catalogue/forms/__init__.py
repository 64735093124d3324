"""Forms of the catalogue: what is typed, in shapes that services take."""

from catalogue.forms.adoptions import AdoptionForm, AdoptionReasonForm, ClaimForm
from catalogue.forms.attachments import AttachmentForm
from catalogue.forms.blocks import AttachForm, BlockForm, NewBlockForm
from catalogue.forms.drafts import StartForm, section_form, section_labels
from catalogue.forms.experts import ConsentForm, ExpertForm, OutsideExpertForm
from catalogue.forms.importing import ConfirmImportForm, ImportForm
from catalogue.forms.resources import ResourceForm, ResourceLinkForm
from catalogue.forms.reviews import (
    AssignForm,
    DecisionForm,
    DeskForm,
    MessageForm,
    ReasonForm,
    VerdictForm,
)
from catalogue.forms.saved_searches import SavedSearchForm
from catalogue.forms.translations import LanguageForm, TranslationForm

__all__ = [
    "AdoptionForm",
    "AdoptionReasonForm",
    "AssignForm",
    "AttachForm",
    "AttachmentForm",
    "BlockForm",
    "ClaimForm",
    "ConfirmImportForm",
    "ConsentForm",
    "DecisionForm",
    "DeskForm",
    "ExpertForm",
    "ImportForm",
    "LanguageForm",
    "MessageForm",
    "NewBlockForm",
    "OutsideExpertForm",
    "ReasonForm",
    "ResourceForm",
    "ResourceLinkForm",
    "SavedSearchForm",
    "StartForm",
    "TranslationForm",
    "VerdictForm",
    "section_form",
    "section_labels",
]

"""What people type in the catalogue."""

from catalogue.forms.blocks import AttachForm, BlockForm, NewBlockForm

__all__ = ["AttachForm", "BlockForm", "NewBlockForm"]

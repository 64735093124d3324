"""Adoptions under /catalogue/."""

from django.urls import path

from catalogue.views import adoption_editing as editing
from catalogue.views.adoptions import AdoptionListView, adoption_detail
from catalogue.views.lineage import entry_lineage

adoption_urlpatterns = [
    path("adoptions/", AdoptionListView.as_view(), name="adoption_list"),
    path("adoptions/<int:pk>/", adoption_detail, name="adoption_detail"),
    path("adoptions/<int:pk>/edit/", editing.adoption_change, name="adoption_change"),
    path("adoptions/<int:pk>/confirm/", editing.adoption_confirm, name="adoption_confirm"),
    path("adoptions/<int:pk>/reject/", editing.adoption_reject, name="adoption_reject"),
    path("adoptions/<int:pk>/retract/", editing.adoption_retract, name="adoption_retract"),
    path("building-blocks/<slug:slug>/adopt/", editing.block_adopt, name="block_adopt"),
    path("<slug:slug>/adopt/", editing.entry_adopt, name="entry_adopt"),
    path("<slug:slug>/lineage/", entry_lineage, name="entry_lineage"),
]

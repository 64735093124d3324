"""/catalogue/experts/"""

from django.urls import path

from catalogue.views import expert_editing as editing
from catalogue.views.experts import ExpertListView, expert_detail

expert_urlpatterns = [
    path("experts/", ExpertListView.as_view(), name="expert_list"),
    path("experts/mine/", editing.expert_mine, name="expert_mine"),
    path("experts/add/", editing.expert_add, name="expert_add"),
    path("experts/waiting/", editing.expert_waiting, name="expert_waiting"),
    path("experts/<slug:slug>/", expert_detail, name="expert_detail"),
    path("experts/<slug:slug>/edit/", editing.expert_edit, name="expert_edit"),
    path("experts/<slug:slug>/consent/", editing.expert_consent, name="expert_consent"),
]

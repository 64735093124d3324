"""/catalogue/building-blocks/"""

from django.urls import path

from catalogue.views import block_editing
from catalogue.views.blocks import BuildingBlockListView, block_detail

block_urlpatterns = [
    path("building-blocks/", BuildingBlockListView.as_view(), name="block_list"),
    path("building-blocks/add/", block_editing.block_add, name="block_add"),
    path("building-blocks/<slug:slug>/", block_detail, name="block_detail"),
    path("building-blocks/<slug:slug>/edit/", block_editing.block_change, name="block_change"),
    path("building-blocks/<slug:slug>/entries/", block_editing.block_attach, name="block_attach"),
    path(
        "building-blocks/<slug:slug>/entries/<slug:entry>/detach/",
        block_editing.block_detach,
        name="block_detach",
    ),
    path("building-blocks/<slug:slug>/publish/", block_editing.block_publish, name="block_publish"),
    path(
        "building-blocks/<slug:slug>/withdraw/", block_editing.block_withdraw, name="block_withdraw"
    ),
]

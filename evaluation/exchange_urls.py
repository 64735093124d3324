"""Addresses of exchanges under `/evaluation/exchanges/`, and of their evidence."""

from django.urls import path, re_path

from evaluation.views import (
    exchange_board,
    exchange_confirming,
    exchange_editing,
    exchange_parts,
    exchanges,
)

_PART = r"^exchanges/(?P<slug>[-\w]+)/(?P<kind>parties|steps|contributions)/"
_FACT = r"^exchanges/(?P<slug>[-\w]+)/confirm/(?P<pk>[0-9]{1,18})/(?P<fact>[-_:a-z0-9]{1,60})/"


urlpatterns = [
    path("exchanges/", exchanges.ExchangeListView.as_view(), name="exchange_list"),
    path("exchanges/add/", exchange_editing.exchange_add, name="exchange_add"),
    path("exchanges/board/<slug:slug>/", exchange_board.exchange_board, name="exchange_board"),
    path("exchanges/<slug:slug>/", exchanges.exchange_detail, name="exchange_detail"),
    path("exchanges/<slug:slug>/edit/", exchange_editing.exchange_edit, name="exchange_edit"),
    path("exchanges/<slug:slug>/change/", exchange_editing.exchange_change, name="exchange_change"),
    path(
        "exchanges/<slug:slug>/entries/", exchange_editing.exchange_entries, name="exchange_entries"
    ),
    path("exchanges/<slug:slug>/status/", exchange_editing.exchange_move, name="exchange_move"),
    path(
        "exchanges/<slug:slug>/publish/", exchange_editing.exchange_publish, name="exchange_publish"
    ),
    path(
        "exchanges/<slug:slug>/withdraw/",
        exchange_editing.exchange_withdraw,
        name="exchange_withdraw",
    ),
    path("exchanges/<slug:slug>/copy/", exchange_editing.exchange_copy, name="exchange_copy"),
    re_path(rf"{_PART}add/$", exchange_parts.part_add, name="part_add"),
    re_path(rf"{_PART}(?P<pk>[0-9]{{1,18}})/$", exchange_parts.part_change, name="part_change"),
    re_path(
        rf"{_PART}(?P<pk>[0-9]{{1,18}})/remove/$", exchange_parts.part_remove, name="part_remove"
    ),
    path(
        "exchanges/<slug:slug>/steps/<int:pk>/people/",
        exchange_parts.step_people,
        name="step_people",
    ),
    path("exchanges/<slug:slug>/documents/add/", exchange_parts.document_add, name="document_add"),
    path(
        "exchanges/<slug:slug>/documents/<int:pk>/withdraw/",
        exchange_parts.document_withdraw,
        name="document_withdraw",
    ),
    path(
        "exchanges/<slug:slug>/confirm/<int:pk>/",
        exchange_confirming.exchange_confirm,
        name="exchange_confirm",
    ),
    re_path(rf"{_FACT}differ/$", exchange_confirming.exchange_differ, name="exchange_differ"),
    re_path(rf"{_FACT}agree/$", exchange_confirming.exchange_agree, name="exchange_agree"),
    path("evidence/<int:pk>/", exchange_parts.evidence_file, name="evidence_file"),
]

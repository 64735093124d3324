"""Widgets that several apps use."""

import pytest
from django import forms

from core.forms import RadioChoices

KINDS = [("", "---------"), ("link", "Link"), ("file", "File")]


@pytest.mark.parametrize(
    ("required", "offered"), [(True, ["link", "file"]), (False, ["", "link", "file"])]
)
def test_the_choice_of_nothing_is_shown_only_where_it_may_be_made(required, offered):
    field = forms.ChoiceField(choices=KINDS, widget=RadioChoices, required=required)
    groups = type("KindForm", (forms.Form,), {"kind": field})()["kind"].subwidgets

    assert [each.data["value"] for each in groups] == offered

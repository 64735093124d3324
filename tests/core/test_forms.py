"""Widgets that several apps use."""

import pytest
from django import forms

from core.forms import RadioChoices, version_field

KINDS = [("", "---------"), ("link", "Link"), ("file", "File")]


@pytest.mark.parametrize(
    ("required", "offered"), [(True, ["link", "file"]), (False, ["", "link", "file"])]
)
def test_the_choice_of_nothing_is_shown_only_where_it_may_be_made(required, offered):
    field = forms.ChoiceField(choices=KINDS, widget=RadioChoices, required=required)
    groups = type("KindForm", (forms.Form,), {"kind": field})()["kind"].subwidgets

    assert [each.data["value"] for each in groups] == offered


@pytest.mark.parametrize(("typed", "refused"), [("7", False), ("-1", True), (2**31, True)])
def test_a_version_fits_the_column_and_is_not_shown(typed, refused):
    form = type("PageForm", (forms.Form,), {"version": version_field()})({"version": typed})

    assert ("version" in form.errors) == refused
    assert form["version"].is_hidden
    assert "version" in type(form)({}).errors
    assert type("MakingForm", (forms.Form,), {"version": version_field(required=False)})(
        {}
    ).is_valid()

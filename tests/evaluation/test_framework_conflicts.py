"""Frameworks written by two people at once, and what may roll up to what."""

import datetime
from decimal import Decimal

import pytest

from core.errors import DomainError, StaleEdit
from evaluation.models import Target
from evaluation.services.frameworks import (
    save_indicator,
    save_result,
    set_target,
)
from evaluation.services.library import add_indicator, change_indicator
from tests.evaluation.framework_world import an_editor, current, opened, tie
from tests.factories.evaluation import (
    FrameworkFactory,
    IndicatorFactory,
    ResultFactory,
)
from tests.factories.hubs import HubFactory

pytestmark = pytest.mark.django_db
DAY = datetime.date


def as_shown(form):
    """Return what a browser sends of a form that nobody touched."""
    shown = {name: form[name].value() for name in form.fields}
    return {
        name: value
        for name, value in shown.items()
        if value not in (None, []) and value is not False
    }


def test_a_result_that_was_saved_meanwhile_is_not_overwritten():
    result = ResultFactory()
    by = an_editor(result.framework.hub)
    seen = result.version
    save_result(result.framework, result, columns={"title": "Mine"}, **opened(result), by=by)

    with pytest.raises(StaleEdit) as refused:
        save_result(
            result.framework, result, columns={"title": "Theirs"}, expected_version=seen, by=by
        )

    assert (refused.value.saved["title"], refused.value.version) == ("Mine", seen + 1)
    result.refresh_from_db()
    assert result.title == "Mine"


def test_an_indicator_that_was_saved_meanwhile_is_not_overwritten():
    indicator = IndicatorFactory()
    by = an_editor(indicator.result.framework.hub)
    seen = opened(indicator)
    columns = {"baseline_note": "Mine"}
    save_indicator(indicator.result, indicator, columns=columns, **seen, by=by)

    with pytest.raises(StaleEdit):
        save_indicator(
            indicator.result, indicator, columns={"baseline_note": "Theirs"}, **seen, by=by
        )
    indicator.refresh_from_db()
    assert indicator.baseline_note == "Mine"


@pytest.mark.parametrize("meanwhile", ["set", "set and taken away", "set, taken away, set"])
def test_a_target_that_was_set_meanwhile_is_not_overwritten(meanwhile):
    indicator = IndicatorFactory()
    by = an_editor(indicator.result.framework.hub)
    for number in range(meanwhile.count(",") + meanwhile.count("and") + 1):
        columns = {} if number % 2 else {"value": Decimal(5)}
        set_target(indicator, None, columns=columns, expected_version=number, by=by)
    kept = list(Target.objects.values_list("value", flat=True))

    with pytest.raises(StaleEdit):
        set_target(indicator, None, columns={"value": Decimal(6)}, by=by)
    assert list(Target.objects.values_list("value", flat=True)) == kept


def test_the_page_shows_both_texts_and_saves_the_second_time(client):
    result = ResultFactory(title="Before")
    by = an_editor(result.framework.hub)
    client.force_login(by)
    url = f"/evaluation/frameworks/{result.framework.slug}/results/{result.pk}/"
    seen = client.get(url).context["form"].initial["version"]
    save_result(result.framework, result, columns={"title": "Theirs"}, **opened(result), by=by)
    typed = {"kind": "outcome", "title": "Mine", "position": 0}

    response = client.post(url, typed | {"version": seen})

    assert response.status_code == 409
    (difference,) = response.context["conflict"]
    assert (difference["mine"], difference["saved"]) == ("Mine", "Theirs")
    version = response.context["form"]["version"].value()
    assert client.post(url, typed | {"version": version}).status_code == 302
    result.refresh_from_db()
    assert result.title == "Mine"


def test_a_version_made_meanwhile_is_shown_beside_mine_and_mine_can_be_saved(client):
    hub = HubFactory()
    by = an_editor(hub)
    client.force_login(by)
    columns = {"title": "People", "kind": "count"}
    definition = add_indicator(code="people", hub=hub, columns=columns, dimensions=[], by=by)
    url = f"/evaluation/indicators/{definition.code}/revise/"
    form = client.get(url).context["form"]
    typed = as_shown(form)
    said = columns | {"title": "Theirs", "change_note": "Clearer."}
    change_indicator(definition, columns=said, dimensions=[], expected_number=1, by=by)
    typed |= {"title": "Mine", "change_note": "Mine is clearer."}

    response = client.post(url, typed)

    assert response.status_code == 409
    (difference,) = response.context["conflict"]
    assert (difference["mine"], difference["saved"]) == ("Mine", "Theirs")
    again = typed | {"version": response.context["form"]["version"].value()}
    assert client.post(url, again).status_code == 302
    definition.refresh_from_db()
    assert (definition.current.number, str(definition)) == (3, "Mine")


# What rolls up to what


@pytest.mark.parametrize("above", [{"is_published": False}, {"is_template": True}])
def test_nothing_rolls_up_to_what_its_writer_does_not_see_or_to_a_template(above):
    framework = FrameworkFactory(layer="community", hub=None, **above)
    indicator = IndicatorFactory()
    by = an_editor(indicator.result.framework.hub)
    parent = IndicatorFactory(
        result=ResultFactory(framework=framework), definition=indicator.definition
    )

    with pytest.raises(DomainError):
        tie(indicator, parent, by)
    with pytest.raises(DomainError):
        save_result(
            indicator.result.framework,
            indicator.result,
            columns={"rolls_up_to": parent.result},
            **opened(indicator.result),
            by=by,
        )
    indicator.refresh_from_db()
    assert (indicator.rolls_up_to, indicator.result.rolls_up_to) == (None, None)


def test_saving_something_else_keeps_the_tie_to_what_was_hidden_since(client):
    parent = IndicatorFactory(
        result=ResultFactory(
            framework=FrameworkFactory(layer="community", hub=None, draft=True, title="Secret")
        )
    )
    result = ResultFactory(rolls_up_to=parent.result)
    indicator = current(
        IndicatorFactory(result=result, definition=parent.definition, rolls_up_to=parent)
    )
    client.force_login(an_editor(result.framework.hub))
    pages = (
        f"/evaluation/frameworks/{result.framework.slug}/results/{result.pk}/",
        f"/evaluation/frameworks/{result.framework.slug}/results/{result.pk}"
        f"/indicators/{indicator.pk}/",
    )

    for url in pages:
        page = client.get(url)
        assert "Secret" not in page.content.decode()
        assert parent.result.title not in page.content.decode()
        assert client.post(url, as_shown(page.context["form"])).status_code == 302

    result.refresh_from_db()
    indicator.refresh_from_db()
    assert (result.rolls_up_to, indicator.rolls_up_to) == (parent.result, parent)

"""The design system: each partial is drawn with its context, in both directions."""

import gzip
import re
from pathlib import Path

import pytest
from django import forms
from django.conf import settings
from django.contrib.auth.models import AnonymousUser
from django.contrib.messages import constants
from django.contrib.messages.storage.base import Message
from django.core.paginator import Paginator
from django.template import Context, Template
from django.template.loader import get_template, render_to_string
from django.test import RequestFactory
from django.utils import translation

from core.badges import badge_of
from core.codes_geo import place_markers
from core.facets import Chip, build_facet
from core.footnotes import SourceNumbers
from core.svg import Series, bar_chart

BASE = Path(settings.BASE_DIR)
COMPONENTS = BASE / "templates" / "components"
STYLESHEET = (BASE / "static" / "css" / "portal.css").read_text()
SOURCE = {
    "pk": 5,
    "title": "Lessons & options",
    "publisher": "A publisher",
    "address": "https://example.org/lessons",
    "dated_on": "2012-07-01",
    "dated_on_precision": "month",
    "seen_on": "2024-05-02",
}


class ArrangementForm(forms.Form):
    title = forms.CharField(label="Title", help_text="As the source has it.")
    since = forms.CharField(label="Holds from", required=False)
    model = forms.ChoiceField(
        label="Model", choices=[("a", "Agency"), ("b", "Ministry")], widget=forms.RadioSelect
    )
    agree = forms.BooleanField(label="I agree")
    version = forms.IntegerField(widget=forms.HiddenInput)

    def clean(self):
        raise forms.ValidationError("The shares come to more than 100 %.")


def request_for(address="/hubs/?country=BR", **cookies):
    request = RequestFactory().get(address)
    request.user = AnonymousUser()
    request.COOKIES.update(cookies)
    return request


def draw(name, *, request=None, **context):
    return render_to_string(f"components/_{name}.html", context, request or request_for())


def page(source="", *, request=None, **context):
    template = Template('{% extends "base.html" %}{% block title %}Hubs{% endblock %}' + source)
    request = request or request_for()
    return template.render(Context({"request": request, "site_name": "Portal", **context}))


SAMPLES = {
    "account_menu": {"user": AnonymousUser()},
    "at_work": {"label": "Checking", "done": 2, "rows": 10, "address": "/imports/1/"},
    "answers": {"answers": [{"label": "Since", "value": "", "url": "/edit/"}]},
    "badge": {"badge": badge_of("https://portal.example", page="/a/", badge="/a.svg", name="A")},
    "bell": {"takes_part": True, "number": 3, "text": "3"},
    "breadcrumbs": {"crumbs": [("/hubs/", "Hubs")], "here": "ABC"},
    "chart": {"chart": bar_chart("Mix", ["2010"], [Series("State", [1])]), "chart_id": "mix"},
    "chips": {"chips": [Chip("country", "Country", "Brazil", "?")], "clear_url": "/hubs/"},
    "confirm_dialog": {
        "dialog_id": "remove",
        "title": "Remove this?",
        "text": "The history keeps it.",
        "action": "/remove/",
        "button": "Remove",
        "kind": "bad",
    },
    "conflict": {"fields": [{"label": "Staff", "mine": "180", "saved": None}]},
    "display_form": {},
    "empty": {"title": "No hubs", "text": "Add one.", "url": "/add/", "link": "Add a hub"},
    "error_items": {"one": ArrangementForm({})},
    "error_summary": {"form": ArrangementForm({})},
    "facets": {"facets": [build_facet("country", "Country", [("BR", "Brazil")], selected=["BR"])]},
    "follow": {"may": True, "kind": "hub", "key": "abc", "level": "Tell me"},
    "filter_errors": {"form": ArrangementForm({})},
    "filters": {
        "words_label": "Words",
        "button": "Show hubs",
        "order": "name",
        "order_menu": [("name", "Name")],
        "clear_url": "/hubs/",
        "facets": [],
    },
    "htmx": {},
    "facts": {
        "rows": [
            {"term": "Host", "values": [{"text": "Ministry", "source_list": [SOURCE]}]},
            {"term": "Staff", "values": []},
        ],
        "numbers": SourceNumbers(),
    },
    "language_menu": {},
    "list_files": {"csv_url": "?export=csv", "dictionary_url": "?", "feed_url": "?export=atom"},
    "map": {"markers": place_markers([("BR", "3 hubs", "/hubs/", 3)]), "map_title": "Hubs"},
    "mark": {},
    "messages": {"messages": [Message(constants.SUCCESS, "Saved.")]},
    "notice": {"kind": "warn", "text": "Not confirmed."},
    "pager": {"next_url": "?cursor=x"},
    "pagination": {"page_obj": Paginator(range(500), 25).page(7)},
    "progress": {"label": "Trained", "value": 35.5, "maximum": 60, "text": "35.5 of 60"},
    "result_count": {"text": "14 hubs"},
    "sources": {"numbers": SourceNumbers()},
    "tabs": {"tabs": [{"url": "/", "label": "Profile", "is_current": True}], "tabs_label": "Hub"},
    "task_list": {"tasks": [{"url": "/a/", "label": "Funding", "status": "Done", "kind": "ok"}]},
    "timeline": {
        "events": [{"when": "1987", "title": "Founded", "source_list": [SOURCE]}],
        "numbers": SourceNumbers(),
    },
}


def test_every_partial_has_a_sample():
    assert {path.stem.removeprefix("_") for path in COMPONENTS.glob("_*.html")} == set(SAMPLES)


@pytest.mark.parametrize("language", ["en", "ar"])
@pytest.mark.parametrize("name", SAMPLES)
def test_a_partial_is_drawn_from_its_context(name, language):
    with translation.override(language):
        html = draw(name, **SAMPLES[name])

    assert "style=" not in html
    assert "<script" not in html
    assert html.count("<div") == html.count("</div>")
    identifiers = re.findall(r' id="([^"]*)"', html)
    assert len(identifiers) == len(set(identifiers))


@pytest.mark.parametrize("name", SAMPLES)
def test_a_partial_says_what_it_needs(name):
    assert (COMPONENTS / f"_{name}.html").read_text().startswith("{# Context: ")


@pytest.mark.parametrize(
    ("language", "opening"),
    [("en", '<html lang="en" dir="ltr">'), ("ar", '<html lang="ar" dir="rtl">')],
)
def test_a_page_has_language_direction_and_landmarks(language, opening):
    with translation.override(language):
        html = page("{% block content %}<h1>Hubs</h1>{% endblock %}")

    assert opening in html
    assert '<a class="skip" href="#main">' in html
    assert '<main id="main" tabindex="-1"' in html
    assert 'role="status" aria-live="polite"' in html


def test_the_title_says_when_there_is_an_error():
    assert "<title>Hubs – Portal</title>" in page()
    assert "<title>Error: Hubs – Portal</title>" in page(form=ArrangementForm({}))
    assert "<title>Hubs – Portal</title>" in page(form=ArrangementForm())


def test_languages_stand_in_their_own_names_and_the_page_is_kept():
    html = draw("language_menu", request=request_for("/hubs/?country=BR&level=national"))

    assert 'name="next" value="/hubs/?country=BR&amp;level=national"' in html
    buttons = re.findall(r'value="([a-z-]+)" lang="\1" dir="(\w+)"', html)
    assert buttons == [
        ("en", "ltr"), ("es", "ltr"), ("fr", "ltr"), ("pt-br", "ltr"), ("id", "ltr"), ("ar", "rtl"),
    ]  # fmt: skip
    assert "Español" in html
    assert "csrfmiddlewaretoken" not in html


def test_the_chosen_theme_is_on_the_page():
    assert 'data-theme="dark"' in page(request=request_for(theme="dark"))
    assert "data-theme" not in page()


def test_low_data_leaves_the_map_out():
    markers = SAMPLES["map"]["markers"]

    assert "<svg" in draw("map", markers=markers, map_title="Hubs")
    assert "<svg" not in draw("map", request=request_for(low_data="on"), markers=markers)


def test_the_error_summary_links_to_the_fields():
    html = draw("error_summary", form=ArrangementForm({"title": "x", "model": "odd"}))

    assert 'role="alert"' in html
    assert "data-focus" in html
    assert "<li>The shares come to more than 100 %.</li>" in html
    assert re.findall(r'href="#(\w+)"', html) == ["id_model_0", "id_agree"]


def test_a_field_ties_label_hint_and_error_to_the_input():
    html = str(ArrangementForm({"title": ""}))

    assert '<label for="id_title">Title</label>' in html
    assert 'id="id_title_helptext"' in html
    assert 'id="id_title_error"' in html
    assert 'aria-describedby="id_title_helptext id_title_error"' in html
    assert html.count('aria-invalid="true"') >= 1
    assert 'Holds from <span class="optional">(optional)</span>' in html
    assert 'Title <span class="optional">' not in html


def test_radio_buttons_stand_in_a_fieldset_with_its_error():
    html = ArrangementForm({})["model"].as_field_group()

    assert '<fieldset aria-describedby="id_model_error">' in html
    assert "<legend>Model</legend>" in html
    assert html.count('class="choice"') == 2


def test_what_people_typed_is_kept_and_escaped():
    html = str(ArrangementForm({"title": '"><b>', "version": "3"}))

    assert 'value="&quot;&gt;&lt;b&gt;"' in html
    assert '<input type="hidden" name="version" value="3"' in html


def test_marks_lead_to_the_list_of_sources():
    numbers = SourceNumbers()

    facts = draw("facts", rows=SAMPLES["facts"]["rows"], numbers=numbers)
    sources = draw("sources", numbers=numbers)

    assert '<a href="#source-1" aria-label="Source 1">1</a>' in facts
    assert "not stated" in facts
    assert '<li id="source-1"' in sources
    assert "Lessons &amp; options" in sources
    assert "July 2012" in sources


def test_numbers_in_attributes_have_no_decimal_comma():
    with translation.override("fr"):
        assert 'value="35.5" max="60"' in draw("progress", **SAMPLES["progress"])


def test_pagination_keeps_the_query_and_marks_the_page():
    html = draw("pagination", request=request_for("/hubs/?country=BR&page=7"),
                page_obj=SAMPLES["pagination"]["page_obj"])  # fmt: skip

    assert 'rel="next" href="?country=BR&amp;page=8"' in html
    assert '<span aria-current="page"><span class="vh">Page</span> 7</span>' in html
    assert 'href="?country=BR&amp;page=20"' in html


def test_the_conflict_shows_both_texts_and_marks_the_difference():
    html = draw("conflict", fields=[{"label": "Host", "mine": "A", "saved": "B"},
                                    {"label": "Staff", "mine": "9", "saved": "9"}])  # fmt: skip

    assert html.count("differs</span>") == 1
    assert '<td dir="auto" class="differs">A</td><td dir="auto" class="differs">B</td>' in html


@pytest.mark.parametrize("name", ["400", "403_csrf", "429", "500", "503"])
@pytest.mark.parametrize("language", ["en", "ar"])
def test_pages_for_bad_moments_need_no_request(name, language):
    with translation.override(language):
        html = get_template(f"{name}.html").render()

    assert f'lang="{language}"' in html
    assert settings.SITE_NAME in html
    assert html.count("<h1>") == 1


@pytest.mark.parametrize("name", ["403", "404", "409"])
def test_refusals_keep_the_frame_of_the_portal(name):
    html = render_to_string(f"{name}.html", {"message": "Too late."}, request_for())

    assert html.count("<h1>") == 1
    assert 'class="site-foot"' in html


def test_every_class_in_the_templates_is_in_the_stylesheet():
    known = set(re.findall(r"\.([a-z][a-z0-9-]*)", STYLESHEET))
    used = set()
    for path in (BASE / "templates").rglob("*.html"):
        if {"admin", "simple_history"} & set(path.parts):  # dressed by Django's admin
            continue
        for value in re.findall(r'class="([^"]*)"', path.read_text()):
            # Alternatives of an {% if %} count one by one; names made of variables do not.
            plain = re.sub(r"{%.*?%}", " ", re.sub(r"[\w-]*{{.*?}}[\w-]*", " ", value))
            used.update((name, path.name) for name in plain.split())

    assert {pair for pair in used if pair[0] not in known} == set()


def test_the_stylesheet_mirrors_by_itself_and_asks_nobody():
    assert not re.search(
        r"(?<![-\w])(margin|padding|border|inset)-(left|right)|text-align: (left|right)"
        r"|(?<![-\w])(left|right):",
        STYLESHEET,
    )
    assert "url(" not in STYLESHEET
    assert "@import" not in STYLESHEET


@pytest.mark.parametrize(
    ("name", "raw", "compressed"),
    [
        ("css/portal.css", 31_000, 7_500),
        ("js/portal.js", 6_000, 2_000),
        ("img/land.svg", 15_000, 6_000),
    ],
)
def test_files_stay_small(name, raw, compressed):
    content = (BASE / "static" / name).read_bytes()

    assert len(content) <= raw
    assert len(gzip.compress(content, 6)) <= compressed

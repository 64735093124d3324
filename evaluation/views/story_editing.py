"""Writing an impact story: the task list, one thing a page; sending and deciding."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views.decorators.http import require_POST, require_safe

from accounts.http import signed_in_member
from core.errors import DomainError
from core.http import get_allowed, sent_version
from core.once import once
from core.typed import sign_in_first, sign_in_then
from evaluation.forms.stories import (
    BeginStoryForm,
    ClaimForm,
    DidNotWorkForm,
    OtherExplanationsForm,
    ReturnForm,
    SourcesForm,
    StoryAboutForm,
    WithdrawStoryForm,
)
from evaluation.models import Exchange, ImpactStory, Rung, RungClaim
from evaluation.services import stories as services
from evaluation.services.rungs import supports_of
from evaluation.story_rules import missing_in
from evaluation.story_telling import QUESTIONS, steps_of
from hubs.views.form_pages import Labels, form_page, writes

FORM = "evaluation/story_form.html"
SECTIONS: dict[str, tuple[Any, Any]] = {
    "about": (gettext_lazy("What came of it, in short"), StoryAboutForm),
    "other-explanations": (gettext_lazy("What else could explain this"), OtherExplanationsForm),
    "did-not-work": (gettext_lazy("What did not work"), DidNotWorkForm),
}
_SECTION_OF = {
    "summary": "about",
    "other_explanations": "other-explanations",
    "what_did_not_work": "did-not-work",
}


def allowed_story(request: HttpRequest, right: str, slug: str) -> Any:
    """Return a story: 404 if the reader may not see it, 403 if they have not `right`."""
    user, stories = request.user, ImpactStory.objects
    seen = stories.visible_to(user).select_related("exchange__hub")
    return get_allowed(seen, getattr(stories, right)(user), slug=slug)


@writes(BeginStoryForm)
def story_begin(request: HttpRequest, slug: str) -> HttpResponse:
    """/evaluation/stories/begin/<exchange>/: the title of a new story."""
    by = signed_in_member(request)
    exchanges = Exchange.objects
    seen = exchanges.visible_to(by).select_related("hub")
    exchange: Exchange = get_allowed(seen, exchanges.tellable_by(by), slug=slug)
    made: list[ImpactStory] = []

    def make(data: Any) -> BeginStoryForm:
        return BeginStoryForm(data, initial={"language": exchange.language})

    def save(form: BeginStoryForm) -> str:
        made.append(services.begin_story(exchange, by=by, **form.cleaned_data))
        return _("The story is a draft. Write it part by part, then send it for approval.")

    context = {
        "exchange": exchange,
        "title": _("Tell what came of it"),
        "button": _("Begin"),
        "cancel_url": exchange.get_absolute_url(),
    }
    return form_page(
        request,
        make,
        save,
        context,
        done=lambda: reverse("evaluation:story_edit", args=[made[0].slug]),
        template=FORM,
    )


@require_safe
@sign_in_first
def story_edit(request: HttpRequest, slug: str) -> HttpResponse:
    """/evaluation/stories/<slug>/edit/: what is to be told, part by part, and what is missing."""
    story = allowed_story(request, "editable_by", slug)
    missing = missing_in(story, supports_of(story))
    context = {"story": story, "tasks": list(_tasks(story, missing)), "missing": missing}
    return render(request, "evaluation/story_edit.html", context)


def _tasks(story: Any, missing: list[Any]) -> Iterator[dict[str, object]]:
    lacking: dict[str, str] = {}
    for each in missing:
        lacking.setdefault(_SECTION_OF.get(each.section, each.section), each.text)
    for name, (title, _form) in SECTIONS.items():
        url = reverse("evaluation:story_section", args=[story.slug, name])
        yield _task(url, title, lacking.get(name, ""), is_told=True)
    number = story.sources.count()
    yield {
        "url": reverse("evaluation:story_sources", args=[story.slug]),
        "label": _("Sources"),
        "hint": "",
        "status": ngettext("%(number)d source", "%(number)d sources", number) % {"number": number},
        "kind": "ok" if number else "",
    }
    told = set(story.claims.values_list("rung", flat=True))
    for rung, question in QUESTIONS.items():
        url = reverse("evaluation:story_rung", args=[story.slug, rung.value])
        text = lacking.get(rung, "")
        yield _task(url, f"{rung.label}: {question}", text, is_told=rung in told)


def _task(url: str, label: object, lacking: str, *, is_told: bool) -> dict[str, object]:
    status, kind = (_("Told"), "ok") if is_told else (_("Not told"), "")
    if lacking:
        status, kind = _("Something is missing"), "warn"
    return {"url": url, "label": label, "hint": lacking, "status": status, "kind": kind}


def _labels(slug: str, section: str) -> Labels:
    form: Any = SECTIONS[section][1] if section in SECTIONS else StoryAboutForm
    return {name: field.label for name, field in form.base_fields.items()}


@writes(_labels)
def story_section(request: HttpRequest, slug: str, section: str) -> HttpResponse:
    """/evaluation/stories/<slug>/edit/<section>/: one part of the story."""
    if section not in SECTIONS:
        raise Http404
    story = allowed_story(request, "editable_by", slug)
    by = signed_in_member(request)
    title, form_class = SECTIONS[section]

    def make(data: Any) -> Any:
        # As saved: a form writes what was typed into its instance.
        return form_class(data, instance=ImpactStory.objects.get(pk=story.pk))

    def save(form: Any) -> str:
        version = form.cleaned_data["version"] or 0
        services.change_story(story, changes=form.columns(), expected_version=version, by=by)
        return _("Saved.")

    context = {"story": story, "title": title, "cancel_url": _edit(story)}
    return form_page(request, make, save, context, done=_edit(story), row=story, template=FORM)


@writes(SourcesForm)
def story_sources(request: HttpRequest, slug: str) -> HttpResponse:
    """/evaluation/stories/<slug>/edit/sources/: where it can be read."""
    story = allowed_story(request, "editable_by", slug)
    by = signed_in_member(request)

    def save(form: SourcesForm) -> str:
        new = form.new_source()
        services.cite_sources(
            story,
            form.cleaned_data.get("sources", ()),
            new=[] if new is None else [new],
            expected_version=form.cleaned_data["version"] or 0,
            by=by,
        )
        return _("Saved.")

    context = {"story": story, "title": _("Sources"), "cancel_url": _edit(story)}
    return form_page(
        request,
        lambda data: SourcesForm(data, story=ImpactStory.objects.get(pk=story.pk)),
        save,
        context,
        done=_edit(story),
        row=story,
        template=FORM,
    )


@writes(ClaimForm)
def story_rung(request: HttpRequest, slug: str, rung: str) -> HttpResponse:
    """/evaluation/stories/<slug>/edit/rungs/<rung>/: what happened, and what shows it."""
    if rung not in Rung.values:
        raise Http404
    story = allowed_story(request, "editable_by", slug)
    by = signed_in_member(request)
    claim = RungClaim.objects.filter(story=story, rung=rung).first()

    def make(data: Any) -> ClaimForm:
        saved = ImpactStory.objects.select_related("exchange").get(pk=story.pk)
        row = RungClaim.objects.filter(story=story, rung=rung).first()
        return ClaimForm(data, instance=row, story=saved, rung=rung, user=by)

    def save(form: ClaimForm) -> str:
        version = form.cleaned_data["version"] or 0
        services.write_claim(story, rung, form.claim(), expected_version=version, by=by)
        return _("Saved.")

    named = Rung(rung)
    context = {
        "story": story,
        "title": f"{named.label}: {QUESTIONS[named]}",
        "cancel_url": _edit(story),
        "claim": claim,
    }
    return form_page(request, make, save, context, done=_edit(story), row=story, template=FORM)


@require_POST
@sign_in_then("evaluation:story_detail")
def story_rung_remove(request: HttpRequest, slug: str, rung: str) -> HttpResponse:
    """Take away what is said of a rung; what is gone already needs no more."""
    if rung not in Rung.values:
        raise Http404
    story = allowed_story(request, "editable_by", slug)
    try:
        services.remove_claim(story, rung, by=signed_in_member(request))
    except DomainError as error:
        messages.error(request, str(error))
        return redirect(story)
    messages.success(request, _("It was taken away."))
    return redirect(_edit(story))


@require_POST
@sign_in_then("evaluation:story_detail")
@once
def story_submit(request: HttpRequest, slug: str) -> HttpResponse:
    """Send the story, as it was read, to those who may publish it."""
    story = allowed_story(request, "submittable_by", slug)
    try:
        services.submit_story(
            story, expected_version=sent_version(request), by=signed_in_member(request)
        )
    except DomainError as error:
        messages.error(request, str(error))
        return redirect(_edit(story) if story.is_open else story)
    messages.success(request, _("Another person of your hub reads it now and publishes it."))
    return redirect(story)


@require_POST
@sign_in_then("evaluation:story_detail")
@once
def story_take_back(request: HttpRequest, slug: str) -> HttpResponse:
    """Make a story that waits a draft again."""
    story = allowed_story(request, "submittable_by", slug)
    try:
        services.take_back_story(story, by=signed_in_member(request))
    except DomainError as error:
        messages.error(request, str(error))
        return redirect(story)
    messages.success(request, _("The story is a draft again."))
    return redirect(_edit(story))


@require_POST
@sign_in_then("evaluation:story_detail")
@once
def story_take_up(request: HttpRequest, slug: str) -> HttpResponse:
    """Make a withdrawn story a draft again."""
    story = allowed_story(request, "resumable_by", slug)
    try:
        services.take_up_story(story, by=signed_in_member(request))
    except DomainError as error:
        messages.error(request, str(error))
        return redirect(story)
    messages.success(request, _("The story is a draft again."))
    return redirect(_edit(story))


@writes(ReturnForm)
def story_review(request: HttpRequest, slug: str) -> HttpResponse:
    """/evaluation/stories/<slug>/review/: read it, then return or publish it."""
    story = allowed_story(request, "publishable_by", slug)
    by = signed_in_member(request)

    def save(form: ReturnForm) -> str:
        services.return_story(story, note=form.cleaned_data["note"], by=by)
        return _("The story went back to its author with your note.")

    context = {
        "story": story,
        "steps": list(steps_of(story, request.user)),
        "missing": missing_in(story, supports_of(story)),
    }
    return form_page(
        request,
        ReturnForm,
        save,
        context,
        done=story.get_absolute_url(),
        template="evaluation/story_review.html",
    )


@require_POST
@sign_in_then("evaluation:story_detail")
@once
def story_publish(request: HttpRequest, slug: str) -> HttpResponse:
    """Publish the story as it was read."""
    # Not `publishable_by`: whoever comes late is told so by the service.
    story: Any = get_object_or_404(ImpactStory.objects.visible_to(request.user), slug=slug)
    try:
        services.publish_story(
            story, expected_version=sent_version(request), by=signed_in_member(request)
        )
    except DomainError as error:
        messages.error(request, str(error))
    else:
        messages.success(request, _("The story is published."))
    return redirect(story)


@writes(WithdrawStoryForm)
def story_withdraw(request: HttpRequest, slug: str) -> HttpResponse:
    """/evaluation/stories/<slug>/withdraw/: ask for the reason, then withdraw it."""
    story = allowed_story(request, "withdrawable_by", slug)
    by = signed_in_member(request)

    def save(form: WithdrawStoryForm) -> str:
        services.withdraw_story(story, reason=form.cleaned_data["reason"], by=by)
        return _("The story is withdrawn.")

    def done() -> str:
        is_seen = ImpactStory.objects.visible_to(by).filter(pk=story.pk).exists()
        return story.get_absolute_url() if is_seen else reverse("evaluation:story_list")

    context = {
        "story": story,
        "title": _("Withdraw the story"),
        "text": _("Only the people of the hub see it then, and may take it up again as a draft."),
        "button": _("Withdraw"),
        "button_kind": "bad",
        "cancel_url": story.get_absolute_url(),
    }
    return form_page(request, WithdrawStoryForm, save, context, done=done, template=FORM)


def _edit(story: Any) -> str:
    return reverse("evaluation:story_edit", args=[story.slug])

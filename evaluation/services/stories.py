"""Impact stories: begun, written, sent, returned, published, withdrawn."""

from __future__ import annotations

import datetime
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from operator import itemgetter
from typing import Any

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.models import Member
from accounts.services import Change, changes_between, record_activity
from catalogue.models import Adoption, EntryVersion, Translation
from catalogue.services import index_rows
from core.errors import DomainError
from core.naming import free_slug, one_at_a_time
from evaluation.models import (
    Evidence,
    Exchange,
    ImpactStory,
    RungChange,
    RungClaim,
    StoryState,
)
from evaluation.services.audiences import audience_of, is_kept_back
from evaluation.services.following import deciding_people, tell
from evaluation.services.rungs import is_told, settle_story, supports_of
from evaluation.services.story_evidence import (
    lock_translations,
    locked_adoptions,
    offered_sources,
    offered_translations,
    offered_versions,
    own_adoptions,
    own_evidence,
    own_texts,
    too_many,
)
from evaluation.story_rules import MOST_SOURCES, missing_in
from hubs.models import Source
from hubs.services.registers import source_at, titles_of
from hubs.services.rows import lock, readable, refuse_stale, save_changed, sign

TEXT_FIELDS = (
    *("title", "language", "summary", "other_explanations", "what_did_not_work"),
    "no_change_found",
)
NAMING_LOCK = 7_201_204_050  # of the database: one new address at a time
MOST_OF_SLUG = 94  # characters made of a title; the column has room for a number
TAKEN = {"begin"}  # addresses that are pages already


@dataclass(frozen=True)
class Claim:
    """What a story says of one rung, as it was typed."""

    statement: str
    dated_on: datetime.date | None
    evidence: Iterable[Evidence]
    adoptions: Iterable[Adoption] = ()
    versions: Iterable[EntryVersion] = ()
    translations: Iterable[Translation] = ()


@transaction.atomic
def begin_story(exchange: Exchange, *, title: str, language: str, by: Member) -> ImpactStory:
    """Save the draft of a story of an exchange, and return it.

    Raises `PermissionDenied` if `by` is not focal point, editor or head of the hub that tells
    the exchange, `ValidationError` if a column is wrong.
    """
    if not Exchange.objects.tellable_by(by).contains(exchange):
        raise PermissionDenied
    one_at_a_time(NAMING_LOCK)
    slug = free_slug(ImpactStory.objects, title, most=MOST_OF_SLUG, otherwise="story", taken=TAKEN)
    story = ImpactStory(exchange=exchange, title=title, language=language, slug=slug, author=by)
    story.full_clean()
    sign(story, by)
    story.save()
    story.writers.add(by)
    _record("story.begun", story, by=by, is_public=False)
    return story


@transaction.atomic
def change_story(
    story: ImpactStory, *, changes: Mapping[str, Any], expected_version: int, by: Member
) -> ImpactStory:
    """Change texts of a story that is not sent; return the saved row.

    Raises `PermissionDenied` if `by` may not write it now, `StaleEdit` if it is not at
    `expected_version` any more, `ValidationError` if a column is wrong.
    """
    current = _writable(story, by)
    refuse_stale(current, expected_version, readable(current, TEXT_FIELDS))
    made = save_changed(current, changes, by=by)
    current.writers.add(by)
    _record("story.changed", current, by=by, is_public=False, changes=made)
    return current  # type: ignore[no-any-return]


@transaction.atomic
def write_claim(
    story: ImpactStory, rung: str, claim: Claim, *, expected_version: int, by: Member
) -> RungClaim:
    """Save what a story says of one rung, in the place of what it said before.

    Raises as `change_story`; `ValidationError` also for evidence that is withdrawn or of another
    exchange, and for adoptions, versions and translations of something else or that not
    everybody may see.
    """
    named = locked_adoptions(claim.adoptions)
    lock_translations(claim.translations)
    current = _writable(story, by)
    old = RungClaim.objects.filter(story=current, rung=rung).first()
    refuse_stale(current, expected_version, claim_texts(old))
    row = old or RungClaim(story=current, rung=rung)
    before = claim_texts(old)
    row.statement, row.dated_on = claim.statement, claim.dated_on
    row.full_clean()
    row.save()
    row.evidence.set(own_evidence(current, claim.evidence, by))
    row.adoptions.set(own_adoptions(current, named))
    row.versions.set(own_texts("versions", offered_versions(current), claim.versions))
    row.translations.set(
        own_texts("translations", offered_translations(current), claim.translations)
    )
    _next_version(current, by)
    settle_story(current, reason=_("Its statements changed."), by=by)
    row.refresh_from_db()
    made = changes_between(before, claim_texts(row))
    _record("story.changed", current, by=by, is_public=False, changes=made)
    return row


@transaction.atomic
def remove_claim(story: ImpactStory, rung: str, *, by: Member) -> None:
    """Take away what a story says of one rung; a second time changes nothing. Raises
    `PermissionDenied` if `by` may not write it now.
    """
    current = _writable(story, by)
    old = RungClaim.objects.filter(story=current, rung=rung).first()
    if old is None:
        return
    before = claim_texts(old)
    old.delete()
    _next_version(current, by)
    settle_story(current, reason=_("Its statements changed."), by=by)
    made = changes_between(before, claim_texts(None))
    _record("story.changed", current, by=by, is_public=False, changes=made)


@transaction.atomic
def submit_story(story: ImpactStory, *, expected_version: int, by: Member) -> ImpactStory:
    """Send a story, as it was read, to those who may publish it.

    Raises `PermissionDenied`, `StaleEdit`, and `DomainError` naming what is missing, or if it is
    not a draft any more.
    """
    current = _locked(story, "submittable_by", by)
    _refuse_step(current, StoryState.SUBMITTED)
    refuse_stale(current, expected_version, readable(current, TEXT_FIELDS))
    _refuse_incomplete(current)
    _set_state(current, StoryState.SUBMITTED, by=by, submitted_at=timezone.now(), return_note="")
    _record("story.submitted", current, by=by, is_public=False)
    tell(
        deciding_people(current.exchange.hub).exclude(stories_worked_on=current),
        key=f"story:{current.pk}:submitted:{current.version}",
        subject=gettext_lazy("To approve: %(title)s"),
        body=gettext_lazy(
            "%(by)s asks that this impact story be published: “%(title)s”.\n\n%(address)s"
        ),
        by=by,
        title=current,
        path=current.get_absolute_url(),
    )
    return current  # type: ignore[no-any-return]


@transaction.atomic
def take_back_story(story: ImpactStory, *, by: Member) -> ImpactStory:
    """Make a story that waits a draft again. Raises `PermissionDenied`, and `DomainError` if it
    does not wait.
    """
    current = _locked(story, "submittable_by", by)
    _refuse_step(current, StoryState.DRAFT)
    _set_state(current, StoryState.DRAFT, by=by, submitted_at=None)
    _record("story.taken_back", current, by=by, is_public=False)
    return current  # type: ignore[no-any-return]


@transaction.atomic
def return_story(story: ImpactStory, *, note: str, by: Member) -> ImpactStory:
    """Send a story back to its author with what has to change.

    Raises `PermissionDenied` if `by` may not publish it, `DomainError` if somebody decided
    already, `ValidationError` without a note.
    """
    current = _waiting(story, by)
    _set_state(current, StoryState.RETURNED, by=by, return_note=note.strip())
    _record("story.returned", current, by=by, is_public=False)
    _tell_author(
        current,
        by,
        gettext_lazy("Returned: %(title)s"),
        gettext_lazy("%(by)s returned “%(title)s”: %(note)s\n\n%(address)s"),
        note=current.return_note,
    )
    return current  # type: ignore[no-any-return]


@transaction.atomic
def publish_story(story: ImpactStory, *, expected_version: int, by: Member) -> ImpactStory:
    """Publish a story that waits, as it was read; nobody publishes what they wrote any of.

    Raises `PermissionDenied`, `StaleEdit`, and `DomainError` naming what is missing (evidence
    may have been withdrawn since it was sent), or if somebody decided already.
    """
    current = _waiting(story, by)
    refuse_stale(current, expected_version, readable(current, TEXT_FIELDS))
    _refuse_incomplete(current)
    settle_story(current, reason=_("It was published."), by=by)
    _set_state(current, StoryState.PUBLISHED, by=by, publisher=by, published_at=timezone.now())
    RungChange.objects.create(
        story=current, after=current.reached, reason=_("It was published."), by=by
    )
    index_rows("story", [current.pk])
    _record("story.published", current, by=by, is_public=is_told(current))
    _tell_author(
        current,
        by,
        gettext_lazy("Published: %(title)s"),
        gettext_lazy("%(by)s published your impact story “%(title)s”.\n\n%(address)s"),
    )
    return current  # type: ignore[no-any-return]


@transaction.atomic
def cite_sources(
    story: ImpactStory,
    sources: Iterable[Source],
    *,
    new: Iterable[Mapping[str, Any]] = (),
    expected_version: int,
    by: Member,
) -> ImpactStory:
    """Say which sources a story rests on: those of `sources`, and new ones, each with columns as
    in `new`; return the saved row.

    Raises as `change_story`, and `ValidationError` for too many and for a source that neither
    this story nor its exchange cites.
    """
    current = _writable(story, by)
    before = titles_of(current.sources.all())
    refuse_stale(current, expected_version, {"sources": before})
    wanted = {each.pk for each in sources}
    chosen = list(offered_sources(current).filter(pk__in=wanted).values_list("pk", flat=True))
    if len(chosen) < len(wanted):
        raise ValidationError({"sources": [_("Choose sources that are offered.")]})
    # In one order, so that two who name the same new ones do not wait for each other.
    made_of = sorted(new, key=itemgetter("address"))
    chosen += [source_at(by=by, **columns).pk for columns in made_of]
    if len(set(chosen)) > MOST_SOURCES:
        raise ValidationError({"sources": [too_many(MOST_SOURCES)]})
    current.sources.set(chosen)
    _next_version(current, by)
    made = changes_between({"sources": before}, {"sources": titles_of(current.sources.all())})
    _record("story.changed", current, by=by, is_public=False, changes=made)
    return current  # type: ignore[no-any-return]


@transaction.atomic
def take_up_story(story: ImpactStory, *, by: Member) -> ImpactStory:
    """Make a withdrawn story a draft again; the reason why it was withdrawn stays with it, and
    what it reached is computed anew.

    Raises `PermissionDenied` if `by` is not focal point, editor or head of its hub, and
    `DomainError` if it is not withdrawn.
    """
    current = _locked(story, "resumable_by", by)
    _refuse_step(current, StoryState.DRAFT)
    told = {"publisher": None, "published_at": None, "submitted_at": None, "return_note": ""}
    _set_state(current, StoryState.DRAFT, by=by, **told)
    settle_story(current, reason=_("It was taken up again."), by=by)
    _record("story.taken_up", current, by=by, is_public=False)
    return current  # type: ignore[no-any-return]


@transaction.atomic
def withdraw_story(story: ImpactStory, *, reason: str, by: Member) -> ImpactStory:
    """Take a story back; its hub's people may take it up again as a draft.

    Raises `PermissionDenied`, `ValidationError` without a reason, `DomainError` if it waits or is
    withdrawn already.
    """
    current = _locked(story, "withdrawable_by", by)
    was_public = is_told(current)
    _set_state(current, StoryState.WITHDRAWN, by=by, withdrawn_reason=reason.strip())
    index_rows("story", [current.pk])
    _record("story.withdrawn", current, by=by, is_public=was_public)
    return current  # type: ignore[no-any-return]


def claim_texts(claim: RungClaim | None) -> dict[str, object]:
    """Return what a story says of one rung as a person reads it, by the form's fields."""
    if claim is None:
        return {"statement": "", "dated_on": None}
    return readable(claim, ("statement", "dated_on"))


def _locked(story: ImpactStory, right: str, by: Member) -> Any:
    """Return the story, locked. Of one that was decided meanwhile, its state is told and not
    that the right is gone.
    """
    current = lock(story)
    if not getattr(ImpactStory.objects, right)(by).contains(current):
        if not Exchange.objects.tellable_by(by).contains(current.exchange):
            raise PermissionDenied
        raise DomainError(
            _("This story is %(state)s now.") % {"state": current.get_state_display().lower()}
        )
    return current


def _writable(story: ImpactStory, by: Member) -> Any:
    return _locked(story, "editable_by", by)


def _waiting(story: ImpactStory, by: Member) -> Any:
    """Return the story, locked, for `by` to decide on. Whoever may decide but comes late is told
    so.
    """
    current = lock(story)
    if ImpactStory.objects.publishable_by(by).contains(current):
        return current
    is_decided = current.state in (StoryState.PUBLISHED, StoryState.RETURNED)
    may_decide = Exchange.objects.tellable_by(by).contains(current.exchange)
    if is_decided and current.author_id != by.pk and (may_decide or by.is_moderator):
        raise DomainError(_("Somebody decided on this story already."))
    raise PermissionDenied


def _refuse_step(current: Any, state: StoryState) -> None:
    if state not in ImpactStory.NEXT[StoryState(current.state)]:
        raise DomainError(
            _("This story is %(state)s now.") % {"state": current.get_state_display().lower()}
        )


def _refuse_incomplete(current: Any) -> None:
    missing = missing_in(current, supports_of(current))
    if missing:
        raise DomainError(" ".join(each.text for each in missing))


def _next_version(current: Any, by: Member) -> None:
    """Save a story under its next version after `by` wrote some of it."""
    current.version += 1
    current.is_starter = False
    sign(current, by)
    current.save()
    current.writers.add(by)


def _set_state(current: Any, state: StoryState, *, by: Member, **columns: object) -> None:
    current.state = state
    for name, value in columns.items():
        setattr(current, name, value)
    current.version += 1
    current.full_clean()
    sign(current, by)
    current.save()


def _tell_author(story: Any, by: Member, subject: Any, body: Any, **words: Any) -> None:
    author = Member.objects.taking_part().filter(pk=story.author_id)
    key = f"story:{story.pk}:{story.state}:{story.version}"
    path = story.get_absolute_url()
    tell(author, key=key, subject=subject, body=body, by=by, title=story, path=path, **words)


def _record(
    verb: str, story: Any, *, by: Member, is_public: bool, changes: Iterable[Change] = ()
) -> None:
    """Write the activity; of a confidential exchange, without a name and texts."""
    is_published = story.state == StoryState.PUBLISHED
    audience = audience_of(story.exchange, is_public=is_public, is_published=is_published)
    about: dict[str, Any] = {"audience": audience}
    if is_kept_back(story.exchange):
        about |= {"label": _("Confidential story"), "url": ""}
    else:
        about["changes"] = changes
    record_activity(verb, story, by=by, **about)

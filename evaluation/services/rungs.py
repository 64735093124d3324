"""The rung that each story has reached, as its evidence has it now."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.contrib.auth.models import AnonymousUser
from django.db import transaction
from django.db.models import Exists, OuterRef, Prefetch
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.models import Member
from accounts.services import Change, record_activity
from catalogue.models import Adoption, EntryVersion, Translation
from evaluation.models import (
    Exchange,
    ImpactStory,
    RungChange,
    RungClaim,
    StoryState,
)
from evaluation.rungs import is_lower, reached, support_of
from evaluation.services.audiences import audience_of, is_kept_back

if TYPE_CHECKING:
    from evaluation.rungs import Support

_TIES: Any = RungClaim.adoptions.through  # of statements to adoptions
_TO_TRANSLATIONS: Any = RungClaim.translations.through


def settle_rungs(exchange: Exchange, *, reason: str, by: Member | None) -> int:
    """Compute anew what the stories of an exchange have reached; return how many changed.

    Call it in the transaction of what changed: evidence withdrawn or added, a confirmation
    given or voided. The stories are locked until it ends. `reason` is kept in the history.
    """
    return _settle(ImpactStory.objects.filter(exchange=exchange), reason=reason, by=by)


def settle_for_adoption(adoption_pk: int, by: Member) -> None:
    """Compute anew what the stories that name an adoption, which is locked, have reached."""
    reason = _("An adoption in the catalogue was changed or confirmed.")
    _settle(_naming(adoption_pk), reason=reason, by=by)


def let_go_of_adoption(adoption_pk: int, by: Member) -> None:
    """Take an adoption, which is locked and about to go, out of the stories that name it; the
    rungs that rested on it fall.
    """
    stories = list(_naming(adoption_pk).values_list("pk", flat=True))
    _TIES.objects.filter(adoption=adoption_pk).delete()
    reason = _("An adoption was taken out of the catalogue.")
    _settle(ImpactStory.objects.filter(pk__in=stories), reason=reason, by=by)


def settle_for_translation(translation_pk: int, by: Member) -> None:
    """Compute anew what the stories that name a translation, which is locked, have reached: what
    a machine made alone shows nothing.
    """
    ties = _TO_TRANSLATIONS.objects.filter(translation=translation_pk)
    stories = ties.values("rungclaim__story")
    reason = _("A translation in the catalogue was changed.")
    _settle(ImpactStory.objects.filter(pk__in=stories), reason=reason, by=by)


def let_go_of_translation(translation_pk: int, by: Member) -> None:
    """Take a translation, which is about to go, out of the stories that name it; the rungs that
    rested on it fall.
    """
    ties = _TO_TRANSLATIONS.objects.filter(translation=translation_pk)
    stories = list(ties.values_list("rungclaim__story", flat=True))
    ties.delete()
    reason = _("A translation was taken out of the catalogue.")
    _settle(ImpactStory.objects.filter(pk__in=stories), reason=reason, by=by)


def settle_every_story() -> int:
    """Compute anew what each story has reached, one transaction a story; return how many
    changed. For what no service tells of: an entry, or a hub, that not everybody may see any more.
    """
    changed = 0
    for pk in list(ImpactStory.objects.order_by("pk").values_list("pk", flat=True)):
        with transaction.atomic():
            reason = _("What shows it was looked at anew.")
            changed += _settle(ImpactStory.objects.filter(pk=pk), reason=reason, by=None)
    return changed


def _naming(adoption_pk: int) -> Any:
    ties = _TIES.objects.filter(adoption=adoption_pk, rungclaim__story=OuterRef("pk"))
    return ImpactStory.objects.filter(Exists(ties))


def _settle(stories: Any, *, reason: str, by: Member | None) -> int:
    """Lock those of `stories` that are not withdrawn, and settle each; return how many changed."""
    stories = stories.exclude(state=StoryState.WITHDRAWN).order_by("pk")
    stories = stories.select_for_update(no_key=True, of=("self",)).select_related("exchange__hub")
    return sum(settle_story(story, reason=reason, by=by) for story in stories)


def settle_story(story: ImpactStory, *, reason: str, by: Member | None) -> bool:
    """Compute anew what one story, which is locked, has reached; return whether that changed."""
    found = supports_of(story)
    for claim in story.claims.all():
        support = found[claim.rung]
        strength = support.strength or ""
        if (claim.holds, claim.strength) != (support.holds, strength):
            claim.holds, claim.strength = support.holds, strength
            claim.save(update_fields=["holds", "strength"])
    before = story.reached
    after = reached({rung for rung, support in found.items() if support.holds})
    strength = (found[after].strength or "") if after else ""
    if (before, story.strength) == (after, strength):
        return False
    story.reached, story.strength, story.updated_at = after, strength, timezone.now()
    story.save(update_fields=["reached", "strength", "updated_at"])
    if before != after and story.state == StoryState.PUBLISHED:
        _tell(story, before, after, reason=reason, by=by)
    return True


def supports_of(story: Any) -> dict[str, Support]:
    """Return, by the rungs that a story speaks of, what supports each: five queries. Of what is
    in the catalogue that counts which everybody may see, and of translations none by a machine.
    """
    everybody = AnonymousUser()
    told = (
        Prefetch("adoptions", Adoption.objects.visible_to(everybody)),
        Prefetch("versions", EntryVersion.objects.visible_to(everybody)),
        Prefetch("translations", Translation.objects.visible_to(everybody).by_people()),
    )
    claims = story.claims.prefetch_related("evidence", *told)
    return {
        claim.rung: support_of(
            claim.rung,
            claim.evidence.all(),
            adoptions=claim.adoptions.all(),
            texts=[*claim.versions.all(), *claim.translations.all()],
            is_confirmed=story.exchange.is_confirmed,
        )
        for claim in claims
    }


def is_told(story: ImpactStory) -> bool:
    """Return whether everybody may see a story."""
    return bool(ImpactStory.objects.public().contains(story))


def _tell(story: Any, before: str, after: str, *, reason: str, by: Member | None) -> None:
    RungChange.objects.create(story=story, before=before, after=after, reason=reason, by=by)
    verb = "story.rung_lowered" if is_lower(after, before) else "story.rung_raised"
    change: Change = {"field": "reached", "old": before, "new": after}
    is_published = story.state == StoryState.PUBLISHED
    audience = audience_of(story.exchange, is_public=is_told(story), is_published=is_published)
    about: dict[str, Any] = {"audience": audience, "changes": [change]}
    if is_kept_back(story.exchange):
        about |= {"label": _("Confidential story"), "url": "", "changes": []}
    record_activity(verb, story, by=by, **about)

"""Which articles there are for whom, who writes them and who decides on them."""

from __future__ import annotations

from collections.abc import Collection
from typing import TYPE_CHECKING, Any, Self

from django.apps import apps
from django.contrib.auth.models import AnonymousUser
from django.db.models import Case, CharField, F, Q, Value, When
from django.db.models.functions import Coalesce, ExtractYear

from accounts.querysets import is_moderator
from accounts.reached import Reached
from community.followed import KINDS
from community.querysets.spaces import own
from community.querysets.subjects import AboutQuerySet
from core.dates import today
from hubs.querysets import ANY_ROLE, EDITING_ROLES, EVERYBODY, holding_words, holds_role

if TYPE_CHECKING:
    from hubs.querysets import User

# What an article can be about, by the names that the table of followed things has for them.
ARTICLE_ABOUT = ("hub", "entry", "resource", "exchange", "story", "event", "thread")
# Where the hub stands to which the thing belongs that an article is about.
HUB_PATHS = ("hub", "entry__hub", "resource__hub", "exchange__hub", "story__exchange__hub")


def right_to_tell(name: str) -> str:
    """Return the right by which a thing can be told of in an article. Of threads it is that of
    those in a space that are about nothing else: an article names that itself, and comments, on
    articles too, are no matter of their own.
    """
    return "told_apart_to" if name == "thread" else "visible_to"


def things_for(name: str, user: User) -> Any:
    """Return what a link of `ARTICLE_ABOUT` can lead to, of what `user` may see."""
    return getattr(KINDS[name].things.all(), right_to_tell(name))(user)


def _about_seen_by(user: User, kinds: Collection[str]) -> Q:
    """Return the condition "`user` may see what the article is about", of articles that are
    about nothing but `kinds`.
    """
    seen = Q()
    for name in kinds:
        model = KINDS[name].things.model
        seen &= Q((name, None)) | Q(Reached(name, model, user, right_to_tell(name)))
    return seen


def shown_to(user: User, article: str = "") -> Q:
    """Return the condition "its state lets `user` read it, once they see what it is about", of
    the article behind `article` ("article__"): it is or was published, or its hub or the
    moderators work on it.
    """
    if is_moderator(user):
        return EVERYBODY
    told = Q((f"{article}state", "published")) | Q(
        (f"{article}state", "withdrawn"), (f"{article}published_at__isnull", False)
    )
    return told | _proposed_by(user, article) if user.is_authenticated else told


def _proposed_by(user: User, article: str = "") -> Q:
    """Return the condition "a hub of which `user` is head or editor proposes it"."""
    role = holds_role(user, EDITING_ROLES, f"{article}hub")
    return Q(role) & Q((f"{article}is_proposal", True))


def may_begin(user: User) -> bool:
    """Return whether the user may write an article, or propose one; no query for visitors."""
    if not user.is_authenticated or not user.takes_part:
        return False
    return is_moderator(user) or apps.get_model("hubs", "Hub").objects.editable_by(user).exists()


class ArticleQuerySet(AboutQuerySet):
    about = ARTICLE_ABOUT

    def visible_to(self, user: User) -> Self:
        """Published and withdrawn ones, to those who may see what they are about; the others to
        moderators, and to heads and editors of the hub that proposes them.
        """
        return self.filter(_about_seen_by(user, self.asked_kinds()), shown_to(user))

    def public(self) -> Self:
        """What everybody may read."""
        return self.visible_to(AnonymousUser()).listed()

    def about_public(self) -> Self:
        """Those about nothing of the portal, or about what everybody may see."""
        return self.filter(_about_seen_by(AnonymousUser(), self.asked_kinds()))

    def listed(self) -> Self:
        """What lists hold: published ones."""
        return self.filter(state="published")

    def proposed_by(self, user: User) -> Self:
        """What hubs propose of which the user is head or editor."""
        return self.filter(_proposed_by(user))

    def to_do(self) -> Self:
        """What is not to be read yet, or no longer."""
        return self.exclude(state="published")

    def on_desk_of(self, user: User) -> Self:
        """What is not to be read yet, or no longer, of what the user writes or decides on: all,
        for moderators; what their hub proposes, for heads and editors.
        """
        found = self.visible_to(user).to_do()
        return found if is_moderator(user) else found.proposed_by(user)

    def on_front(self) -> Self:
        """Published ones that have their place on the front page today."""
        until = Q(front_until=None) | Q(front_until__gte=today())
        return self.listed().filter(until, is_on_front=True)

    def due(self) -> Self:
        """Scheduled ones whose day has come."""
        return self.filter(state="scheduled", appears_on__lte=today())

    def editable_by(self, user: User) -> Self:
        """What moderators began, for moderators; what a hub proposes, for its heads and editors
        until it is published, and from then on for moderators: nobody publishes what they wrote
        any of.
        """
        if not user.is_authenticated or not user.takes_part:
            return self.none()
        right = _proposed_by(user) & Q(state__in=("draft", "submitted"))
        if is_moderator(user):
            right |= Q(is_proposal=False) | Q(state__in=("published", "withdrawn"))
        return self.visible_to(user).filter(right)

    def submittable_by(self, user: User) -> Self:
        """Proposals of their hub: to be sent to the moderators, and to be taken back."""
        if not user.is_authenticated or not user.takes_part:
            return self.none()
        return self.visible_to(user).filter(_proposed_by(user), state__in=("draft", "submitted"))

    def publishable_by(self, user: User) -> Self:
        """For moderators: what moderators began; of proposals those that wait, were scheduled or
        withdrawn, of others than themselves and of hubs in which they have no role.
        """
        if not is_moderator(user) or not user.takes_part:  # type: ignore[union-attr]
            return self.none()
        foreign = ~own(user, "author") & ~Q(holds_role(user, ANY_ROLE))
        waiting = Q(is_proposal=True, state__in=("submitted", "scheduled", "withdrawn"))
        found = self.visible_to(user).exclude(state="published")
        return found.filter(Q(is_proposal=False) | (waiting & foreign))

    def returnable_by(self, user: User) -> Self:
        """Proposals that wait, for those who may publish them."""
        return self.publishable_by(user).filter(state="submitted")

    def placeable_by(self, user: User) -> Self:
        """Those of which the user says when and where they are shown: moderators, of all that is
        not withdrawn.
        """
        if not is_moderator(user) or not user.takes_part:  # type: ignore[union-attr]
            return self.none()
        return self.visible_to(user).exclude(state="withdrawn")

    def withdrawable_by(self, user: User) -> Self:
        """Published and scheduled ones: for moderators, and those whose hub proposed them."""
        if not user.is_authenticated or not user.takes_part:
            return self.none()
        found = self.visible_to(user).filter(state__in=("published", "scheduled"))
        return found if is_moderator(user) else found.filter(_proposed_by(user))

    def matching(self, text: str) -> Self:
        """Articles whose texts hold every word of `text`; accents do not matter."""
        return self.filter(holding_words(text, "title", "summary", "text"))

    def with_about_hub(self) -> Self:
        """Annotate `hub_slug`: the hub that it is about, or to which the thing belongs."""
        return self.annotate(hub_slug=Coalesce(*(f"{path}__slug" for path in HUB_PATHS)))

    def with_origin(self) -> Self:
        """Annotate `origin_slug`: the article of which it is a translation, if whoever reads the
        one may read the other, which is about the same thing or about none; "" otherwise.
        """
        shown = Q(translation_of__published_at__isnull=False)
        shown &= Q(translation_of__state__in=("published", "withdrawn"))
        for name in ARTICLE_ABOUT:
            shown &= Q((f"translation_of__{name}", None)) | Q((f"translation_of__{name}", F(name)))
        slug = When(shown, then=F("translation_of__slug"))
        return self.annotate(origin_slug=Case(slug, default=Value(""), output_field=CharField()))

    def told_alike(self, article: Any) -> Self:
        """The same in other languages: what it is a translation of, and all translations."""
        first = article.translation_of_id or article.pk
        return self.filter(Q(pk=first) | Q(translation_of=first)).exclude(pk=article.pk)

    def with_year(self) -> Self:
        """Annotate `year`, in which it appeared."""
        return self.annotate(year=ExtractYear("appears_on"))

    def newest_first(self) -> Self:
        return self.order_by(F("appears_on").desc(nulls_last=True), "-published_at", "-pk")

    def with_about(self) -> Self:
        """Fetch what each is about and whose it is: no query a row."""
        links = ("thread__space", *(name for name in ARTICLE_ABOUT if name != "thread"))
        return self.select_related(*links, "source", "author", "translation_of")

"""Which threads there are for whom, who writes in them and who keeps order."""

from __future__ import annotations

from collections.abc import Collection
from typing import TYPE_CHECKING, Any, Self

from django.apps import apps
from django.contrib.auth.models import AnonymousUser
from django.db.models import Exists, IntegerField, Max, OuterRef, Q, Subquery, Value
from django.db.models.functions import Coalesce

from accounts.querysets import is_moderator
from accounts.reached import Reached
from community.followed import KINDS
from community.querysets.articles import ARTICLE_ABOUT, right_to_tell, shown_to
from community.querysets.spaces import own
from community.querysets.subjects import AboutQuerySet, none_set
from core.dates import today
from hubs.querysets import NOBODY, holding_words

if TYPE_CHECKING:
    from hubs.querysets import User

# What a thread can be about, by the names that the table of followed things has for them: the
# thing's own `visible_to` decides with the space's.
ABOUT = ("hub", "entry", "resource", "event", "exchange", "story", "article")
# What a list shows of each.
_LISTED = (
    *("title", "slug", "kind", "state", "language", "is_pinned", "is_locked", "is_demo"),
    *("accepted", "post_count", "last_shown", "last_post_at", "created_at"),
    *("space__name", "space__slug", "last_author__name"),
)
TOLD = ("open", "closed", "merged")  # states that whoever may see the place sees


def things(name: str) -> Any:
    """Return all that a link of `ABOUT` can lead to."""
    return KINDS[name].things.all()


def _space() -> Any:
    return apps.get_model("community", "Space")


def _place_seen_by(user: User, kinds: Collection[str]) -> Q:
    """Return the condition "`user` may see the space, and what the thread is about", of threads
    that are about nothing but `kinds`.
    """
    seen = Q(space=None) | Q(Reached("space", _space(), user))
    return seen & _subject_seen_by(user, kinds)


def _subject_seen_by(user: User, kinds: Collection[str]) -> Q:
    """Return the condition "`user` may see what the thread is about". Of comments on an article
    it is what the article is about: one question for both links, which costs half.
    """
    seen, on_articles = Q(), "article" in kinds
    if on_articles:
        seen &= Q(article=None) | shown_to(user, "article__")
    asked = dict.fromkeys([*kinds, *(ARTICLE_ABOUT if on_articles else ())])
    for name in [each for each in asked if each != "article"]:
        links = [name] if name in kinds else []
        links += [f"article__{name}"] if on_articles and name in ARTICLE_ABOUT else []
        link = Coalesce(*links) if len(links) > 1 else links[0]
        none = Q(**dict.fromkeys(links))
        model = KINDS[name].things.model
        seen &= none | Q(Reached(link, model, user, right_to_tell(name)))
    return seen


def _kept_by(user: User) -> Q:
    """Return the condition "`user` moderates the place", of threads whose place they see."""
    if not user.is_authenticated or not user.takes_part:
        return NOBODY
    kept = Q(Reached("space", _space(), user, "moderated_by"))
    return kept | Q(space=None) if is_moderator(user) else kept


class ThreadQuerySet(AboutQuerySet):
    about = ABOUT

    def among(self, keys: Collection[int]) -> Self:
        """The threads `keys`, whose rights are asked of what they are about only; one query."""
        found = self.filter(pk__in=keys)
        about = found.aggregate(**{name: Max(name) for name in ABOUT})
        return found._of_kinds([name for name in ABOUT if about[name] is not None])

    def visible_to(self, user: User) -> Self:
        """Those whose space and subject the user may see; held ones for who began them and for
        moderators of the place, removed ones for the latter.
        """
        told = Q(state__in=TOLD) | (Q(state="held") & own(user, "author")) | _kept_by(user)
        return self.filter(_place_seen_by(user, self.asked_kinds())).filter(told)

    def told_apart_to(self, user: User) -> Self:
        """As `visible_to`, those in a space that are about nothing else."""
        apart = self.filter(none_set(ABOUT), space__isnull=False)
        return apart._of_kinds(()).visible_to(user)

    def public(self) -> Self:
        """What everybody may read."""
        return self.visible_to(AnonymousUser()).listed()

    def listed(self) -> Self:
        """What lists hold: neither merged nor removed, and begun: comments that nobody has
        written yet are no thread.
        """
        begun = Q(post_count__gt=0) | Q(state="held")
        return self.exclude(state__in=("merged", "removed")).filter(begun)

    def open_to_readers(self) -> Self:
        """Those that show to whoever sees their place, of which that is known already."""
        return self.filter(state__in=("open", "closed"))

    def moderated_by(self, user: User) -> Self:
        """Those of spaces that they moderate; comments on what they see, for moderators of the
        portal.
        """
        return self.filter(_place_seen_by(user, self.asked_kinds())).filter(_kept_by(user))

    def replyable_by(self, user: User) -> Self:
        """Open ones in which they may write now."""
        if not user.is_authenticated or not user.takes_part:
            return self.none()
        writes = Q(space=None) | Q(Reached("space", _space(), user, "writable_by"))
        free = Q(is_locked=False) & (Q(closes_on=None) | Q(closes_on__gte=today()))
        # Who writes in a space sees it, and open threads show to all who see their place.
        found = self.filter(_subject_seen_by(user, self.asked_kinds()), writes, state="open")
        return found.filter(free | _kept_by(user))

    def editable_by(self, user: User) -> Self:
        """Title, kind and language: of their own while it is open, of all that they moderate.
        Comments have the title of what they are about.
        """
        if not user.is_authenticated or not user.takes_part:
            return self.none()
        mine = own(user, "author") & Q(state__in=("held", "open"), is_locked=False)
        found = self.visible_to(user).filter(mine | _kept_by(user), space__isnull=False)
        return found.filter(state__in=("held", "open", "closed"))

    def closable_by(self, user: User) -> Self:
        """Open ones that they began or moderate; comments are closed by moderators alone."""
        if not user.is_authenticated or not user.takes_part:
            return self.none()
        ends = _kept_by(user) | (own(user, "author") & Q(space__isnull=False, is_locked=False))
        return self.visible_to(user).filter(ends, state="open")

    def answerable_by(self, user: User) -> Self:
        """Questions of which they may say which post answers it."""
        if not user.is_authenticated or not user.takes_part:
            return self.none()
        decides = own(user, "author") | _kept_by(user)
        found = self.visible_to(user).filter(decides, kind="question")
        return found.filter(state__in=("open", "closed"))

    def matching(self, text: str) -> Self:
        """Those with every word of `text` in the title or the summary."""
        return self.filter(holding_words(text, "title", "summary"))

    def with_read(self, user: User) -> Self:
        """Annotate `read_number`: how far the user has read, 0 for visitors."""
        if not user.is_authenticated:
            return self.annotate(read_number=Value(0, output_field=IntegerField()))
        reads = apps.get_model("community", "ThreadRead").objects
        mine = reads.filter(thread=OuterRef("pk"), member=user.pk).order_by().values("number")
        return self.annotate(read_number=Coalesce(Subquery(mine), 0))

    def unread_by(self, user: User) -> Self:
        """Those with a post that the user has not read."""
        if not user.is_authenticated:
            return self.none()
        reads = apps.get_model("community", "ThreadRead").objects
        done = reads.filter(thread=OuterRef("pk"), member=user.pk)
        return self.filter(~Exists(done.filter(number__gte=OuterRef("last_shown"))))

    def for_list(self) -> Self:
        """What a list shows, with the place and who wrote last: one query."""
        return self.select_related("space", "last_author").only(*_LISTED)

"""Demonstration threads: made up, and marked as such."""

from __future__ import annotations

from django.db import transaction

from accounts.models import Member
from catalogue.models import Entry
from community.models import Post, Space, Thread, ThreadKind
from community.services.posts import mark_useful, write_post
from community.services.threads import accept_answer, begin_thread, close_thread, comments_on
from hubs.demo import DOMAIN

# Space, kind, title, language, and who wrote what.
THREADS = (
    (
        "monitoring-and-evaluation",
        ThreadKind.QUESTION,
        "How do you count people who were trained twice?",
        "en",
        (
            ("editor.embrapa", "We train the same extension officers year after year. Do you "
             "count **people** or **places in courses**? Our ministry asks for one figure."),
            ("me.cabri", "Both, in two indicators:\n\n- people, once each, by a list with a "
             "number for each person;\n- days of training.\n\nThe first tells reach, the second "
             "effort. Never add them up."),
            ("head.abc", "> Never add them up.\n\nWe did, for two years, and had to explain it "
             "to the auditors. Listen to @demo-me-cabri."),
            ("editor.embrapa", "Thank you. We begin with the list of people."),
        ),
    ),
    (
        "funding",
        ThreadKind.DISCUSSION,
        "Who pays for the time of your experts?",
        "en",
        (
            ("head.abc", "Our partners pay travel. The institutes pay salaries, and that is the "
             "larger part. How do you show it in your reports?"),
            ("me.cabri", "As a contribution in kind, by a daily rate that all agreed on before. "
             "It is in the exchange's contributions, so it shows in the figures too."),
        ),
    ),
    (
        "sources-of-expertise",
        ThreadKind.DISCUSSION,
        "¿Cómo preparan a quienes enseñan por primera vez?",
        "es",
        (
            ("editor.embrapa", "Saber hacer no es saber enseñar. Damos medio día de preparación "
             "antes de cada visita. ¿Y ustedes?"),
            ("head.abc", "Nós fazemos o mesmo, com uma lista de perguntas do país parceiro."),
        ),
    ),
    (
        "institutional-model",
        ThreadKind.STORY,
        "From a desk of two to an agency",
        "en",
        (
            ("head.abc", "It took three ministers. What helped most was a small list of finished "
             "exchanges that every new minister could show."),
            ("correspondent.cabri", "Which law came first, the agency's or the budget's?"),
        ),
    ),
)  # fmt: skip
COMMENT = "Does the approach work without the first year's subsidy? We would like to try it."


@transaction.atomic
def load_demo_threads() -> int:
    """Add the demonstration threads, unless there are any; return how many were added."""
    people = {
        each.email.removesuffix(f"@{DOMAIN}"): each
        for each in Member.objects.filter(email__endswith=f"@{DOMAIN}")
    }
    spaces = {space.slug: space for space in Space.objects.open()}
    if Thread.objects.filter(is_demo=True).exists() or "member" not in people:
        return 0
    made = [
        _thread(spaces[slug], kind, title, language, posts, people)
        for slug, kind, title, language, posts in THREADS
        if slug in spaces
    ]
    made += _comments(people)
    Thread.objects.filter(pk__in=[each.pk for each in made]).update(is_demo=True)
    return len(made)


def _thread(
    space: Space,
    kind: str,
    title: str,
    language: str,
    posts: tuple[tuple[str, str], ...],
    people: dict[str, Member],
) -> Thread:
    (author, text), *answers = posts
    by = people[author]
    thread = begin_thread(space, title=title, text=text, kind=kind, language=language, by=by)
    written = [write_post(thread, text=text, by=people[who]) for who, text in answers]
    mark_useful(written[0], by=by, is_useful=True)
    if kind == ThreadKind.QUESTION:
        accept_answer(thread, written[0], by=by)
    if kind == ThreadKind.STORY:
        close_thread(thread, summary="A list of finished exchanges convinces.", by=by)
    return thread


def _comments(people: dict[str, Member]) -> list[Thread]:
    """Return a comment on the newest experience, and a first post that waits."""
    entry = Entry.objects.published().order_by("-published_at", "-pk").first()
    if entry is None:
        return []
    posts: list[Post] = [
        write_post(comments_on(entry), text=COMMENT, by=people["me.cabri"]),
        write_post(comments_on(entry), text="I am new here. Thank you.", by=people["member"]),
    ]
    return [posts[0].thread]

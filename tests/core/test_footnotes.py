"""Numbers of sources: in the order of the page, one for each source."""

from core.footnotes import SourceNumbers

LESSONS = {"pk": 7, "title": "Lessons"}
DECREE = {"pk": 3, "title": "Decree"}


def test_sources_are_numbered_as_facts_name_them():
    numbers = SourceNumbers()

    assert numbers.of([LESSONS]) == [1]
    assert numbers.of([DECREE, LESSONS, LESSONS]) == [1, 2]
    assert numbers.of([]) == []
    assert list(numbers) == [(1, LESSONS), (2, DECREE)]
    assert len(numbers) == 2

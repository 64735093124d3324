"""Numbered marks behind facts, and the list of sources that they lead to."""

from collections.abc import Iterable, Iterator, Mapping

Source = Mapping[str, object]  # at least "pk"; the rest is shown in the list


class SourceNumbers:
    """The sources of one page, numbered from 1 in the order in which facts name them."""

    def __init__(self) -> None:
        self._numbers: dict[object, int] = {}
        self._sources: list[Source] = []

    def of(self, sources: Iterable[Source]) -> list[int]:
        """Return the numbers of `sources`; one seen before keeps its number."""
        numbers = []
        for source in sources:
            key = source["pk"]
            if key not in self._numbers:
                self._sources.append(source)
                self._numbers[key] = len(self._sources)
            numbers.append(self._numbers[key])
        return sorted(set(numbers))

    def __iter__(self) -> Iterator[tuple[int, Source]]:
        """Give (number, source), in the order of the numbers."""
        return iter(enumerate(self._sources, 1))

    def __len__(self) -> int:
        return len(self._sources)

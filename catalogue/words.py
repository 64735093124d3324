"""Made-up words for measurements; needs no Django, so that a benchmark can ask for them."""

VOCABULARY = 5_000  # words, the n-th about as common as 1/n, as in any language
SYLLABLES = (
    *("ba", "co", "di", "fe", "gu", "ha", "jo", "ki", "lu", "ma"),
    *("ne", "po", "ra", "si", "te", "vu", "wo", "ya", "za", "ir"),
)


def word(number: int) -> str:
    """Return the word of rank `number`, 0 the commonest: always the same, never a real one."""
    first, second = divmod(number, len(SYLLABLES) ** 2)
    left, right = divmod(second, len(SYLLABLES))
    return f"{SYLLABLES[left]}{SYLLABLES[right]}{SYLLABLES[first % len(SYLLABLES)]}"

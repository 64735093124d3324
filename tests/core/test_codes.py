"""Names of codes in the reader's language."""

import pytest

from core import codes


@pytest.mark.parametrize(
    ("code", "name"), [("pt", "Portuguese"), ("pt-br", "Brazilian Portuguese"), ("xx", "xx")]
)
def test_a_language_of_one_country_has_its_name(code, name):
    assert codes.language_name(code) == name

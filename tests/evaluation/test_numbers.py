"""Numbers by language: read exactly, or refused in words."""

from decimal import Decimal

import pytest
from django.utils import translation

from evaluation.numbers import NumberError, example_of, parse_number, write_number
from evaluation.wording import number_text

SAME = Decimal("1234.5")


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("1,234.5", "en"),
        ("1234.5", "en"),
        ("1 234.5", "en"),
        ("1'234.5", "en"),
        ("1’234.5", "en"),
        ("1.234,5", "es"),
        ("1234,5", "es"),
        ("1\u00a0234,5", "es"),
        ("1.234,5", "pt-br"),
        ("1.234,5", "id"),
        ("1\u202f234,5", "fr"),
        ("1\u00a0234,5", "fr"),
        ("1 234,5", "fr"),
        ("١٬٢٣٤٫٥", "ar"),
        ("١٢٣٤٫٥", "en"),
        ("۱۲۳۴٫۵", "ar"),
        ("1,234.5", "ar"),
        ("\u200f1234.50", "ar"),
    ],
)
def test_one_number_is_read_as_each_language_writes_it(text, language):
    assert parse_number(text, language) == SAME


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("1.234,5", "en"),
        ("1,234.5", "es"),
        ("1.234", "fr"),
        ("1234.5", "es"),
        ("1,23", "en"),
        ("12,34,567", "en"),
        ("1,234 567", "en"),
        ("1.2.3", "en"),
        ("1,", "es"),
        (".5", "en"),
        ("", "en"),
        ("-", "en"),
        ("5 %", "en"),
        ("1\0", "en"),
        ("9" * 200, "en"),
    ],
)
def test_what_could_be_two_numbers_or_none_is_refused_with_an_example(text, language):
    with pytest.raises(NumberError) as refused:
        parse_number(text, language)

    assert example_of(language) in str(refused.value)


@pytest.mark.parametrize("text", ["twelve", "12a", "1e5", "NaN", "Infinity", "0x10", "½x"])
def test_letters_in_numbers_are_named(text):
    with pytest.raises(NumberError, match="has letters"):
        parse_number(text, "en")


@pytest.mark.parametrize("text", ["1" * 19, "0.1234567", "0.30000000000000004"])
def test_too_many_digits_are_refused(text):
    with pytest.raises(NumberError, match="too many digits"):
        parse_number(text, "en")


@pytest.mark.parametrize("language", ["en", "es", "fr", "pt-br", "id", "ar"])
@pytest.mark.parametrize("number", ["-1234567.000001", "0", "999999999999999999.999999", "0.5"])
def test_what_a_form_shows_is_read_again(language, number):
    assert parse_number(write_number(Decimal(number), language), language) == Decimal(number)


def test_nought_has_no_sign():
    assert str(parse_number("-0.0", "en")) == "0"


def test_numbers_are_written_in_the_readers_way_however_often_and_nothing_has_no_sign():
    for _once_more in range(2):
        assert number_text(Decimal("-0.4")) == "0"
        assert number_text(Decimal("1234.55"), 1) == "1,234.6"
        assert number_text(Decimal("1234.550"), 3) == "1,234.550"
        with translation.override("es"):
            assert number_text(Decimal("12345.5"), 1) == "12.345,5"

"""The rungs: which evidence supports which, how strongly, and what is reached."""

from types import SimpleNamespace

import pytest

from evaluation.models import Proves, Rung, Strength
from evaluation.rungs import SUPPORTING, is_lower, reached, support_of


def piece(proves, *, kind="document", secret=False, withdrawn=None):
    return SimpleNamespace(proves=proves, kind=kind, is_confidential=secret, withdrawn_at=withdrawn)


@pytest.mark.parametrize("rung", list(Rung))
@pytest.mark.parametrize("proves", list(Proves))
def test_each_kind_of_evidence_supports_the_rung_of_the_table_and_no_other(rung, proves):
    support = support_of(rung, [piece(proves)], is_confirmed=False)

    assert support.holds == (proves in SUPPORTING[rung])


def test_the_table_is_that_of_the_design():
    assert SUPPORTING == {
        "connect": ("attendance", "contact"),
        "share": ("version", "translation", "adaptation", "test"),
        "reform": ("law", "manual", "budget", "before-after", "third-party", "evaluation"),
    }


def test_an_exchange_that_both_sides_confirmed_shows_that_they_met_and_nothing_more():
    found = {rung: support_of(rung, [], is_confirmed=True) for rung in Rung}

    assert {rung for rung, support in found.items() if support.holds} == {"connect"}
    assert found["connect"].strength == Strength.BOTH_SIDES


@pytest.mark.parametrize(
    ("rung", "evidence", "strength"),
    [
        ("connect", piece("contact", kind="testimony"), Strength.ONE_SIDE),
        ("connect", piece("attendance"), Strength.DOCUMENT),
        ("share", piece("test", kind="survey"), Strength.ONE_SIDE),
        ("share", piece("version", kind="link"), Strength.DOCUMENT),
        ("reform", piece("third-party", kind="testimony"), Strength.DOCUMENT),
        ("reform", piece("law"), Strength.DOCUMENT),
        ("reform", piece("before-after"), Strength.MEASURED),
        ("reform", piece("evaluation"), Strength.EVALUATION),
    ],
)
def test_strength_follows_from_what_the_evidence_is(rung, evidence, strength):
    assert support_of(rung, [evidence], is_confirmed=False).strength == strength


def test_the_strongest_piece_counts():
    evidence = [piece("law"), piece("evaluation"), piece("before-after")]

    assert support_of("reform", evidence, is_confirmed=False).strength == Strength.EVALUATION


def test_strengths_have_the_order_of_the_design():
    assert list(Strength) == ["one-side", "both-sides", "document", "measured", "evaluation"]


def test_an_adoption_shows_sharing_by_one_side_until_the_originator_confirms_it():
    claimed, confirmed = SimpleNamespace(state="claimed"), SimpleNamespace(state="confirmed")

    one = support_of("share", [], adoptions=[claimed], is_confirmed=False)
    both = support_of("share", [], adoptions=[claimed, confirmed], is_confirmed=False)

    assert (one.strength, both.strength) == (Strength.ONE_SIDE, Strength.BOTH_SIDES)
    assert not support_of("reform", [], adoptions=[confirmed], is_confirmed=False).holds


def test_withdrawn_evidence_supports_nothing():
    assert not support_of("reform", [piece("law", withdrawn="now")], is_confirmed=False).holds


def test_confidential_evidence_supports_a_rung_without_public_strength():
    support = support_of("reform", [piece("law", secret=True)], is_confirmed=False)

    assert (support.holds, support.strength, support.full) == (True, None, Strength.DOCUMENT)


@pytest.mark.parametrize(
    ("holding", "highest"),
    [
        (set(), ""),
        ({"connect"}, "connect"),
        ({"connect", "share"}, "share"),
        ({"connect", "share", "reform"}, "reform"),
        ({"connect", "reform"}, "connect"),
        ({"share", "reform"}, ""),
    ],
)
def test_a_rung_is_reached_with_all_below_it(holding, highest):
    assert reached(holding) == highest


def test_lower_is_told_from_higher():
    order = ["", "connect", "share", "reform"]

    assert [(a, b) for a in order for b in order if is_lower(a, b)] == [
        (a, b) for i, a in enumerate(order) for b in order[i + 1 :]
    ]

"""Garbage is left alone while many objects are made, and looked for again whatever happens."""

import gc

import pytest

from core.memory import keeping_everything


def test_nothing_is_looked_for_meanwhile_and_again_afterwards():
    with keeping_everything():
        assert not gc.isenabled()
        with keeping_everything():
            assert not gc.isenabled()
        assert not gc.isenabled()
    assert gc.isenabled()

    with pytest.raises(ValueError, match="broken"), keeping_everything():
        raise ValueError("broken")
    assert gc.isenabled()

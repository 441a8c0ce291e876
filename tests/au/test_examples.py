"""The examples in the docstrings run."""

import doctest

import pytest

from mien.au import envelope, expression, presets, track


@pytest.mark.parametrize("module", [envelope, expression, presets, track])
def test_docstring_examples(module):
    result = doctest.testmod(module)
    assert result.attempted > 0
    assert result.failed == 0

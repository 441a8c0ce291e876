"""The check of annotations itself: what it finds, and that errors of the package's own come first."""

from __future__ import annotations

import importlib
import os
import sys
from types import ModuleType

import jaxtyping
import numpy as np
import pytest

from tests import shape_check

SWITCHED_ON = pytest.mark.skipif(
    os.environ.get("MIEN_TEST_SHAPES") == "0", reason="the check is switched off"
)

SOURCE = """
from __future__ import annotations
from dataclasses import dataclass
from typing import Protocol, Self, TYPE_CHECKING
import numpy as np
from jaxtyping import Float32
if TYPE_CHECKING:
    from nowhere import Unknown

def doubled(x: Float32[np.ndarray, " n"]) -> Float32[np.ndarray, " n"]:
    if x.ndim != 1:
        raise ValueError(f"expected one axis, got {x.ndim}")
    return x.repeat(2) if len(x) == 3 else 2 * x

class Duck(Protocol):
    def quack(self) -> int: ...

def of_unknown(x: Unknown, y: float, z: Duck | None = None) -> Self:
    return x

@dataclass(frozen=True)
class Converted:
    x: Float32[np.ndarray, " n"]
    y: Float32[np.ndarray, " n"] | None = None

    def __post_init__(self) -> None:
        if len(self.x) > 4:
            raise ValueError("too long")
        object.__setattr__(self, "x", np.asarray(self.x, np.float32))
"""


@pytest.fixture(scope="module")
def sample(tmp_path_factory: pytest.TempPathFactory) -> ModuleType:
    folder = tmp_path_factory.mktemp("sample")
    (folder / "checked_sample.py").write_text(SOURCE)
    sys.path.insert(0, str(folder))
    try:
        with jaxtyping.install_import_hook("checked_sample", "tests.shape_check.checked"):
            return importlib.import_module("checked_sample")
    finally:
        sys.path.remove(str(folder))


@SWITCHED_ON
def test_the_first_calls_in_a_test_are_checked(sample: ModuleType) -> None:
    right, wrong = np.ones(2, np.float32), np.ones(2)
    for _ in range(shape_check.CHECKED_CALLS):
        sample.doubled(right)
    sample.doubled(wrong)
    shape_check.begin_test()
    with pytest.raises(jaxtyping.TypeCheckError):
        sample.doubled(wrong)


def test_wrong_arguments_and_results_are_found(sample: ModuleType) -> None:
    assert sample.doubled(np.ones(2, np.float32)).tolist() == [2, 2]
    with pytest.raises(jaxtyping.TypeCheckError, match=r"Called with parameters: {'x': f64\[2\]"):
        sample.doubled(np.ones(2))
    with pytest.raises(jaxtyping.TypeCheckError, match=r"Actual value: f32\[6\]"):
        sample.doubled(np.ones(3, np.float32))
    with pytest.raises(jaxtyping.TypeCheckError, match="of_unknown"):
        sample.of_unknown(1, "text")


def test_an_int_is_a_float_and_protocols_are_not_compared(sample: ModuleType) -> None:
    assert sample.of_unknown("anything", 1, "a duck") == "anything"


def test_the_functions_own_error_comes_first(sample: ModuleType) -> None:
    with pytest.raises(ValueError, match="expected one axis, got 2"):
        sample.doubled(np.ones((2, 2), np.float32))
    with pytest.raises(ValueError, match="too long"):
        sample.Converted([0] * 5)


def test_a_dataclass_is_judged_by_what_it_keeps(sample: ModuleType) -> None:
    assert sample.Converted([1, 2]).x.dtype == np.float32
    with pytest.raises(jaxtyping.TypeCheckError, match="Converted"):
        sample.Converted([1, 2], np.ones(3, np.float32))


@SWITCHED_ON
def test_the_package_is_checked() -> None:
    from mien.face.crop import rotation_2d

    with pytest.raises(jaxtyping.TypeCheckError, match="rotation_2d"):
        rotation_2d(np.float32(0))  # type: ignore[arg-type]

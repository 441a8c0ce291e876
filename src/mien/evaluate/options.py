"""Everything that can be asked of an evaluation: the one place of each default."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated

from mien.common.cut_options import CutOptions
from mien.common.option_help import as_text, face_choice, option


@dataclass(frozen=True, kw_only=True)
class EvaluateOptions(CutOptions):
    """Which part of the driver was transferred, and which faces are compared.

    Raises:
        UsageError: a value out of its range.
    """

    driver_face: Annotated[int | str | None, as_text("N|largest"), option("N|largest")] = None
    """Which face of the driver, if there are several."""

    face: Annotated[int | str | None, as_text("N|largest"), option("N|largest")] = None
    """Which face of the result, if there are several."""

    def __post_init__(self) -> None:
        super().__post_init__()
        object.__setattr__(self, "face", face_choice(self.face))
        object.__setattr__(self, "driver_face", face_choice(self.driver_face, "--driver-face"))

"""``mien evaluate``: how well a result does what it should."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated

import tyro

from mien.cli.evaluate_motion import EvaluateMotion
from mien.cli.evaluate_realism import EvaluateRealism
from mien.cli.evaluate_recognition import EvaluateRecognition


@dataclass(frozen=True, kw_only=True)
class Evaluate:
    """Judge a result: how clips move, how expressions are recognised, how real flow maps look."""

    what: (
        Annotated[EvaluateMotion, tyro.conf.subcommand("motion")]
        | Annotated[EvaluateRecognition, tyro.conf.subcommand("recognition")]
        | Annotated[EvaluateRealism, tyro.conf.subcommand("realism")]
    )
    """What is judged."""

    def run(self) -> int:
        """Judge it."""
        return self.what.run()

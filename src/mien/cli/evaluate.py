"""``mien evaluate``: judge results; each subcommand has a file of its own."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated

import tyro

from mien.cli.evaluate_motion import EvaluateMotion
from mien.cli.evaluate_realism import EvaluateRealism
from mien.cli.evaluate_recognition import EvaluateRecognition


@dataclass(frozen=True, kw_only=True)
class Evaluate:
    """Judge a result: the motion of clips, recognition, or how real flow maps look."""

    what: (
        Annotated[EvaluateMotion, tyro.conf.subcommand("motion")]
        | Annotated[EvaluateRecognition, tyro.conf.subcommand("recognition")]
        | Annotated[EvaluateRealism, tyro.conf.subcommand("realism")]
    )
    """What to judge."""

    def run(self) -> int:
        """Run the subcommand."""
        return self.what.run()

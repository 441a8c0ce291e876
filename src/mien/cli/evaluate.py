"""``mien evaluate``: judge results; each subcommand has a file of its own."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated

import tyro

from mien.cli.evaluate_agreement import EvaluateAgreement
from mien.cli.evaluate_aus import EvaluateAus
from mien.cli.evaluate_images import EvaluateImages
from mien.cli.evaluate_motion import EvaluateMotion
from mien.cli.evaluate_realism import EvaluateRealism
from mien.cli.evaluate_recognition import EvaluateRecognition
from mien.cli.evaluate_reconstruction import EvaluateReconstruction


@dataclass(frozen=True, kw_only=True)
class Evaluate:
    """Judge results: images, motion, AUs, agreement, reconstruction, recognition, or how real flow maps look."""

    what: (
        Annotated[EvaluateMotion, tyro.conf.subcommand("motion")]
        | Annotated[EvaluateImages, tyro.conf.subcommand("images")]
        | Annotated[EvaluateAus, tyro.conf.subcommand("aus")]
        | Annotated[EvaluateAgreement, tyro.conf.subcommand("agreement")]
        | Annotated[EvaluateReconstruction, tyro.conf.subcommand("reconstruction")]
        | Annotated[EvaluateRecognition, tyro.conf.subcommand("recognition")]
        | Annotated[EvaluateRealism, tyro.conf.subcommand("realism")]
    )
    """What to judge."""

    def run(self) -> int:
        """Run the subcommand."""
        return self.what.run()

"""``mien evaluate realism``: test whether generated flow maps can be distinguished from real ones."""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated

import tyro

from mien.cli.say import say


@dataclass(frozen=True, kw_only=True)
class EvaluateRealism:
    """Measure how well a classifier distinguishes generated flow maps from real ones."""

    flows: Annotated[Path, tyro.conf.arg(metavar="FILE.npz")]
    """Real flow maps, as mien flows writes them."""

    generated: Annotated[str, tyro.conf.arg(metavar="rig:N|FILE.npz|FOLDER")]
    """Generated flow maps: rig:N for N maps made by the rig, a file, or a folder with flows.npz."""

    seed: Annotated[int, tyro.conf.arg(metavar="N")] = 0
    """Random seed of the folds, of rig:N, and of the choice of generated maps, if they outnumber the real ones."""

    json: tyro.conf.FlagCreatePairsOff[bool] = False
    """Print one line of JSON."""

    def run(self) -> int:
        """Run the classifier and print its score."""
        from mien.recognition.realism import evaluate_realism

        figures = evaluate_realism(self.flows, self.generated, self.seed)
        if self.json:
            say(json.dumps(figures))
        else:
            say(
                f"AUC {figures['auc']:.3f} (0.5: the classifier cannot tell them apart; 1: it always can)"
            )
        return 0

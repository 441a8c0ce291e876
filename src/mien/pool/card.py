"""The files that describe a pool: a data card, the licence, and a description in the form of Psych-DS."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Sequence
from dataclasses import fields

from mien.pool.limits import ScreenLimits
from mien.pool.recipe import PoolRecipe
from mien.pool.screening import SCREENING, Screened
from mien.stimuli.stimulus import Stimulus
from mien.version import __version__

CARD, LICENSE, DESCRIPTION = "datacard.md", "LICENSE", "dataset_description.json"
NOT_VALIDATED = "Not yet validated by human raters."
EYES_SHARE = 0.25
"""Distance between the eyes over the width of a frame, as `mien.generate.look_options` places them."""

CC0_ADDRESS = "https://creativecommons.org/publicdomain/zero/1.0/"

LICENSE_TEXT = f"""SPDX-License-Identifier: CC0-1.0

The stimuli, tables and pictures of this folder are dedicated to the public domain under the Creative Commons CC0 1.0
Universal Public Domain Dedication. The full text is at {CC0_ADDRESS}legalcode

To the extent possible under law, the makers of this pool have waived all copyright and related or neighbouring rights
to it. They have stated that the portraits that it was made from are under CC0 too.
"""


def card_files(
    recipe: PoolRecipe,
    limits: ScreenLimits,
    source: str,
    screened: Sequence[Screened],
    chosen: Sequence[Screened],
    stimuli: Sequence[Stimulus],
    grouped_by: str,
) -> dict[str, str]:
    """Return the files that describe a pool, by name."""
    described = {
        "@context": "https://schema.org/",
        "@type": "Dataset",
        "name": "Pool of synthetic facial movements",
        "description": (
            f"{len(stimuli)} synthetic stimuli of {len(chosen)} AI-made portraits, made by Mien {__version__}. "
            f"{NOT_VALIDATED}"
        ),
        "license": CC0_ADDRESS,
        "isBasedOn": source,
        "keywords": ["synthetic", "facial expression", "not yet validated by human raters"],
        "variableMeasured": ["expression", "intensity", "side", "duration_seconds"],
        "synthetic": True,
        "validated_by_human_raters": False,
    }
    return {
        CARD: data_card(recipe, limits, source, screened, chosen, stimuli, grouped_by),
        LICENSE: LICENSE_TEXT,
        DESCRIPTION: json.dumps(described, indent=2) + "\n",
    }


def data_card(
    recipe: PoolRecipe,
    limits: ScreenLimits,
    source: str,
    screened: Sequence[Screened],
    chosen: Sequence[Screened],
    stimuli: Sequence[Stimulus],
    grouped_by: str,
) -> str:
    """Return the data card in Markdown."""
    accepted = [each for each in screened if each.accepted]
    reasons = Counter(
        kind for each in screened for kind in {reason.partition(":")[0] for reason in each.reasons}
    )
    groups = [
        f"| {name} | {sum(each.group == name for each in accepted)} | {sum(each.group == name for each in chosen)} |"
        for name in sorted({each.group for each in accepted})
    ]
    eyes = [each.measured.eyes_px for each in chosen if each.measured]
    scales = [recipe.size * EYES_SHARE / each for each in (max(eyes), min(eyes))]
    durations = ", ".join(f"{each:g}" for each in recipe.durations_ms)
    lines = [
        "# Data card: a pool of synthetic facial movements",
        "",
        f"**{NOT_VALIDATED}** The labels say what was made, not what people see. Do not report them as norms.",
        "",
        "**Synthetic.** The faces are AI-made; nobody made these movements before a camera.",
        "",
        "| what | value |",
        "|---|---|",
        f"| stimuli | {len(stimuli)} |",
        f"| portraits | {len(chosen)} |",
        f"| source of the portraits | {_cell(source)} |",
        f"| expressions | {', '.join(recipe.expressions)}, and neutral clips |",
        f"| intensities (peak of the strongest AU, FACS) | {', '.join(recipe.intensities)} |",
        f"| durations from onset to offset, ms | {durations} |",
        f"| neutral face before and after, ms | {recipe.neutral_ms:g} |",
        f"| frames a second | {recipe.fps} |",
        f"| size, pixels | {recipe.size} x {recipe.size} |",
        f"| the portraits are scaled by | {scales[0]:.2f} to {scales[1]:.2f} |",
        "| sides | left, right, both where FACS splits the AUs; the subject's own |",
        f"| made by | Mien {__version__}, seed {recipe.seed} |",
        f"| licence | [CC0 1.0]({CC0_ADDRESS}) |",
        "",
        "## Balance",
        "",
        f"Groups are by {grouped_by}. All groups give the same number of portraits unless a group has too few.",
        "",
        "| group | accepted | in the pool |",
        "|---|---|---|",
        *groups,
        "",
        "## Screening",
        "",
        f"{len(accepted)} of {len(screened)} portraits passed. `{SCREENING}` has the measures of each one and why it "
        "was refused.",
        "",
        "| limit | value |",
        "|---|---|",
        *(
            f"| {each.name.replace('_', ' ')} | {getattr(limits, each.name):g} |"
            for each in fields(limits)
        ),
        "",
        "| refused for | portraits |",
        "|---|---|",
        *(f"| {_cell(name)} | {count} |" for name, count in sorted(reasons.items())),
        "",
        "A portrait can be refused for several reasons. Hair over the brows, make-up, age and a weak expression of the "
        "resting face are not measured. Skin tone is measured in the picture, so the light changes it. Where a "
        "portrait ends inside the frame, the frame is grey.",
        "",
        "## Before use",
        "",
        "Let raters and FACS coders judge the stimuli: `mien experiment rate stimuli`, then `mien experiment analyse`.",
        "Report hit rates, unbiased hit rates, naturalness, rated intensity and the agreement of raters and coders.",
    ]
    return "\n".join(lines) + "\n"


def _cell(text: str) -> str:
    return " ".join(text.split()).replace("|", "\\|")

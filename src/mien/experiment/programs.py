"""The list of programs that can show a study, with the functions that make their files."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import TypeAlias

from mien.experiment.design import Design, Program
from mien.experiment.gorilla.files import gorilla_files
from mien.experiment.jspsych import page_files
from mien.experiment.opensesame.files import opensesame_files
from mien.experiment.psychopy.files import psychopy_files
from mien.experiment.qualtrics.files import qualtrics_files
from mien.experiment.trial_table import Trial

MakeFiles: TypeAlias = Callable[
    [Design, Sequence[Trial], Sequence[Sequence[int]], Sequence[int]], dict[str, str]
]
"""Takes the design, all trials, the orders and the training trials; returns texts by their paths in the folder."""

PROGRAMS: Mapping[Program, MakeFiles] = {
    "jspsych": page_files,
    "psychopy": psychopy_files,
    "opensesame": opensesame_files,
    "gorilla": gorilla_files,
    "qualtrics": qualtrics_files,
}

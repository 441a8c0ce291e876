"""The files of a study for OpenSesame, in a folder of their own beside the stimuli."""

from __future__ import annotations

from collections.abc import Sequence
from importlib.resources import files

from mien.experiment.design import Design
from mien.experiment.program_texts import csv_of, order_rows, study_json, training_rows
from mien.experiment.trial_table import Trial

PLACE = "opensesame"
OWN = ("mien_opensesame.py", "STEPS.md")

HEAD = """\
---
API: 2.1
OpenSesame: 4.0.0
Platform: posix
---
set width 1920
set uniform_coordinates yes
set title "{title}"
set start experiment
set sampler_backend psycho
set mouse_backend psycho
set keyboard_backend psycho
set height 1080
set foreground black
set font_size 24
set font_family sans
set fullscreen yes
set color_backend psycho
set clock_backend psycho
set canvas_backend psycho
set background "#808080"

define sequence experiment
\tset flush_keyboard yes
\tset description "Consent, training if there is one, and the trials"
\trun begin always
\trun trials always
\trun goodbye always

define inline_script begin
\tset description "Check pictures and screen, consent, training"
\t___run__
\timport sys
\tsys.path.insert(0, exp.experiment_path)
\tfrom mien_opensesame import Task
\ttask = Task(exp.experiment_path, var, Canvas, Keyboard, clock)
\ttask.begin()
\t__end__
\tset _prepare ""

define sequence one_trial
\tset flush_keyboard yes
\tset description "A trial and its row of results"
\trun show_trial always
\trun logger always

define inline_script show_trial
\tset description "Pictures by the frame, and the answer"
\t___run__
\ttask.trial(int(var.place))
\t__end__
\tset _prepare ""

define logger logger
\tset description "A row of results"
\tset auto_log yes

define inline_script goodbye
\tset description "Thanks, and that the faces are synthetic if that is told after the task"
\t___run__
\ttask.say('end')
\t__end__
\tset _prepare ""

define loop trials
\tset source table
\tset repeat 1
\tset order sequential
\tset description "The places of the participant's order"
\tset cycles {count}
\tset continuous no
\tset break_if never
{cycles}
\trun one_trial
"""


def opensesame_files(
    design: Design,
    trials: Sequence[Trial],
    orders: Sequence[Sequence[int]],
    training: Sequence[int],
) -> dict[str, str]:
    """Return the texts of the experiment, its code and its data files, by their paths in the study's folder.

    Args:
        design: The design.
        trials: All trials.
        orders: Random orders, as numbers of trials.
        training: Training trials, as numbers of trials.
    """
    page = files("mien").joinpath("experiment", "opensesame", "page")
    made = {name: page.joinpath(name).read_text("utf-8") for name in OWN}
    cycles = "\n".join(f"\tsetcycle {place} place {place}" for place in range(len(orders[0])))
    title = "".join(letter for letter in design.name if letter not in '"\\\n')
    made["study.osexp"] = HEAD.format(title=title, count=len(orders[0]), cycles=cycles)
    made["study.json"] = study_json(design, trials, len(orders))
    for number, order in enumerate(orders, start=1):
        made[f"orders/order_{number}.csv"] = csv_of(order_rows(design, trials, order, number))
    if training:
        made["training.csv"] = csv_of(training_rows(design, trials, training))
    return {f"{PLACE}/{name}": text for name, text in made.items()}

"""The commands and the help of ``mien`` itself. Imports no command, so that ``mien --help`` answers at once."""

from __future__ import annotations

import shutil
import textwrap
from typing import NamedTuple


class Entry(NamedTuple):
    """A command, as the help lists it.

    Its module in ``mien.cli`` has the command's name, with underscores for hyphens.
    """

    class_name: str
    """Its class: a dataclass with a method ``run``, whose fields are the options."""
    summary: str
    """The first sentence of the class's docstring."""


GROUPS: dict[str, dict[str, Entry]] = {
    "make clips": {
        "generate": Entry(
            "Generate",
            "Make a clip of a portrait, moved by one of --expression, --sample, --au and --aus.",
        ),
        "transfer": Entry("Transfer", "Put the movement of a clip onto a portrait."),
        "batch": Entry("Batch", "Make a clip for each row of a table."),
        "render": Entry(
            "Render",
            "Make the clip of a project saved in the studio, with the same frames as the studio's export.",
        ),
        "studio": Entry(
            "Studio",
            "Open the studio in the browser: design a micro-expression on a photograph, or transfer one from a clip.",
        ),
        "demo": Entry(
            "Demo",
            "Make an example video and its contact sheet, from a portrait that comes with scikit-image.",
        ),
        "expressions": Entry(
            "Expressions", "List the ready expressions, and the emotions for --sample."
        ),
        "engines": Entry("Engines", "List the engines, what each is for, and its settings."),
    },
    "measure and check clips": {
        "measure": Entry(
            "Measure", "Measure the action units of a clip, left and right apart, frame by frame."
        ),
        "recode": Entry(
            "Recode",
            "Re-encode measured AUs: remove those that are rarely present, and give the others a clean course.",
        ),
        "convert": Entry(
            "Convert",
            "Convert AUs between ELAN, BORIS, OpenFace, py-feat, LibreFace, FaceReader, iMotions and Mien.",
        ),
        "sheet": Entry(
            "Sheet",
            "Draw a contact sheet of a clip: onset, apex, offset, what changes, and AUs over time.",
        ),
        "verify": Entry(
            "Verify",
            "Check that outputs are complete and unaltered, and that they match their records.",
        ),
    },
    "studies": {
        "experiment": Entry(
            "Experiment",
            "Build a study or a pool of stimuli, let raters judge clips, and analyse participants' answers.",
        ),
    },
    "data sets, training and evaluation": {
        "dataset": Entry(
            "Dataset",
            "Check a copy of a data set (mien dataset check NAME ROOT), or list all data sets.",
        ),
        "flows": Entry(
            "Flows",
            "Measure the onset-to-apex flow maps of a data set's clips, for mien evaluate recognition and aus.",
        ),
        "flow-pairs": Entry(
            "FlowPairs",
            "Make onset and apex pictures with the exact flow between them, for training optical flow.",
        ),
        "augment": Entry(
            "Augment", "Make a data set of labelled micro-expressions from portraits."
        ),
        "produce": Entry(
            "Produce",
            "Plan, make, check and publish a large set of labelled clips, pairs or flow maps.",
        ),
        "train": Entry("Train", "Train a network on faces, or make a face set to train on."),
        "weights": Entry(
            "Weights",
            "Import an official checkpoint as Mien's weights, or print the card of weights.",
        ),
        "evaluate": Entry(
            "Evaluate",
            "Judge results: images, motion, AUs, agreement, reconstruction, recognition, or how real flow maps look.",
        ),
    },
}
"""All commands, grouped as in the help."""

COMMANDS: dict[str, Entry] = {
    name: entry for group in GROUPS.values() for name, entry in group.items()
}

_INDENT = 15
_WIDEST = 100


def overview() -> str:
    """Return the help of ``mien``, as wide as the terminal but at most 100 characters."""
    width = min(shutil.get_terminal_size().columns, _WIDEST)
    lines = [
        "usage: mien COMMAND ...",
        "",
        "Make facial micro-expressions from a single portrait.",
    ]
    for title, group in GROUPS.items():
        lines += ["", f"{title}:"]
        for name, entry in group.items():
            lines += textwrap.wrap(
                entry.summary,
                width=max(width, _INDENT + 20),
                initial_indent=f"  {name}".ljust(_INDENT),
                subsequent_indent=" " * _INDENT,
                break_on_hyphens=False,
            )
    return "\n".join(
        [*lines, "", "mien COMMAND --help explains a command; mien --version prints the version."]
    )

"""Malformed JSON: projects, sidecars, recipes; and expressions, which are text."""

from __future__ import annotations

import json
from collections.abc import Callable
from fractions import Fraction
from pathlib import Path
from random import Random
from typing import Any

from mien.au.envelope import Envelope
from mien.au.expression import Expression
from mien.generate.clip import track_engine
from mien.generate.motion import make_motion
from mien.generate.options import ClipOptions
from mien.io.sidecar import InputFile, Sidecar, read_sidecar
from mien.project.file import project_to_json, read_project
from mien.project.projects import DesignProject, TransferProject
from mien.project.reference import FileReference
from mien.project.render import clip_options, transfer_options
from mien.recognition.generated import codes_drawn_from
from mien.training.architectures import ARCHITECTURES
from mien.training.recipes import changed, find_recipe
from mien.transfer.engine import motion_engine
from tests.faults.inputs.reader import Reader
from tests.faults.inputs.special import special
from tests.faults.inputs.spoil import NUMBERS, TEXTS, spoil_json, stretch_json
from tests.faults.inputs.tables import track

PICTURE = FileReference("face.png", "0" * 64)

PROJECTS = (
    DesignProject(
        portrait=PICTURE,
        envelopes=(
            Envelope("AU12L", 0.0, 0.1, 0.1, 0.2, 2.0),
            Envelope("AU4", 0, 0.1, 0.2, 0.3, 1),
        ),
        duration_seconds=0.5,
        fps=Fraction(30000, 1001),
        engine="rig",
        options={"shading": False, "strength": 2.0},
        face=1,
        seed=7,
        emotion="happiness",
        name="smile",
    ),
    TransferProject(
        portrait=PICTURE,
        driver=PICTURE,
        engine="mesh",
        options={"strength": 1.5, "baseline": "first", "start_seconds": 0.1, "fps": "25"},
        face="largest",
    ),
)

SIDECAR = Sidecar(
    engine="rig",
    seed=3,
    fps=Fraction(25),
    frames=8,
    width=64,
    height=48,
    inputs=(InputFile("face.png", "0" * 64),),
    track=track(),
    facts={"container": "mp4"},
    settings={"strength": 1.0},
)

RECORD = {"datasets": ["casme2"], "drivers": None, "seed": 3, "count": 60}

TIMES = (*NUMBERS, "0", "0.1", "0.2", "5", "1e6", "1e300", "", "-")


def writer(name: str, values: Callable[[Random], Any]) -> Callable[[Path, Random], Path]:
    """Return what writes a malformed JSON of some values."""

    def write(folder: Path, rng: Random) -> Path:
        if rng.random() < 0.06:
            return special(folder, name, rng)
        change = stretch_json if rng.random() < 0.3 else spoil_json
        (folder / name).write_bytes(change(values(rng), rng))
        return folder / name

    return write


def write_expression(folder: Path, rng: Random) -> Path:
    """Write an expression as users type it, or as JSON."""
    if rng.random() < 0.4:
        envelopes = [envelope.to_dict() for envelope in PROJECTS[0].envelopes]
        (folder / "e.json").write_bytes(spoil_json({"name": "a", "envelopes": envelopes}, rng))
        return folder / "e.json"
    parts = [rng.choice(TIMES) for _ in range(rng.choice((4, 4, 4, 4, 3, 5, 400)))]
    text = (
        f"{rng.choice(('AU12L', 'AU12', 'AU99', 'au4', *TEXTS))}={rng.choice(('B', '2', *NUMBERS))}"
    )
    text += f"@{'-'.join(parts)}{rng.choice(('', '', ':linear', ':x'))}"
    (folder / "e.txt").write_text(text, encoding="utf-8", errors="surrogatepass")
    return folder / "e.txt"


def read_expression(path: Path) -> None:
    """Read an expression, and plan its clip."""
    text = path.read_bytes().decode("utf-8", "replace")
    if path.suffix == ".txt":
        make_motion(ClipOptions(au=(text,), fps=25))
        return
    from mien.io.json_file import parse_json

    try:
        value = parse_json(text)
    except ValueError:
        return
    Expression.from_dict(value).track(25)


def read_any_project(path: Path) -> None:
    """Read a project, and plan its clip."""
    project = read_project(path)
    if isinstance(project, TransferProject):
        motion_engine(transfer_options(project))
        return
    options = clip_options(project)
    make_motion(options)
    track_engine(options)


def write_recipe(folder: Path, rng: Random) -> Path:
    """Write a malformed recipe of a random network."""
    name = rng.choice(list(ARCHITECTURES))
    recipes = ARCHITECTURES[name].load().recipes
    values = json.loads(json.dumps(rng.choice(list(recipes.values())).to_json()))
    path = folder / f"{name}.json"
    if rng.random() < 0.06:
        return special(folder, path.name, rng)
    path.write_bytes(spoil_json(values, rng))
    return path


def read_recipe(path: Path) -> None:
    """Read a recipe, and change a field."""
    name = path.stem if path.stem in ARCHITECTURES else "fomm"
    changed(find_recipe(str(path), ARCHITECTURES[name]), ["batch_size=2"])


READERS = (
    Reader(
        "projects",
        writer("p.json", lambda rng: project_to_json(rng.choice(PROJECTS))),
        read_any_project,
        1.5,
    ),
    Reader("sidecars", writer("s.json", lambda rng: SIDECAR.to_json()), read_sidecar, 1.5),
    Reader(
        "augment records",
        writer("augment.json", lambda rng: RECORD),
        lambda path: codes_drawn_from(str(path.parent)),
        0.5,
    ),
    Reader("expressions", write_expression, read_expression, 1.5),
    Reader("recipes", write_recipe, read_recipe),
)

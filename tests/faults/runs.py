"""The commands that are killed, and the files that they need."""

from __future__ import annotations

import sys
import time
import warnings
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from mien.errors import EXIT_CODE, MienError
from tests.faults.fork import Work, command

FACE, OTHER, PEOPLE = "../inputs/people/ann.png", "../inputs/people/bob.png", "../inputs/people"
RECODED = "../inputs/aus.csv"
TABLE, DRIVER, FACES = "../inputs/table.csv", "../inputs/driver.mkv", "../inputs/set"
FORMATS = {"mp4": "o/a.mp4", "mkv": "o/a.mkv", "gif": "o/a.gif", "png": "o/a"}


@dataclass(frozen=True)
class Run:
    """A command whose working folder is ``work``, beside the folder ``inputs``.

    Attributes:
        name: Its name in the report.
        work: Runs it; returns the exit code.
        before: Run undisturbed beforehand, for outputs that are there already.
        resume: How to run it again where the same command is refused on purpose; None if it never is.
        rewritten: Files that the run replaces by others before its end.
    """

    name: str
    work: Work
    before: tuple[Work, ...] = ()
    resume: Work | None = None
    rewritten: tuple[str, ...] = ()

    @property
    def kind(self) -> str:
        """The first word of the name."""
        return self.name.split()[0]


def all_runs() -> list[Run]:
    """Return every run of the harness, quick ones first."""
    runs = []
    for kind, out in FORMATS.items():
        make = command("generate", FACE, "--expression", "fear", "--fps", 25, "--out", out)
        other = command("generate", OTHER, "--expression", "anger", "--fps", 25, "--out", out)
        runs.append(Run(f"generate {kind}", make))
        runs.append(Run(f"generate {kind} over another", make, (other,)))
    for kind in ("mkv", "png"):
        runs.append(
            Run(f"transfer {kind}", command("transfer", DRIVER, FACE, "--out", FORMATS[kind]))
        )
    for kind in FORMATS:
        make = command("batch", TABLE, "--fps", 25, "--out", "o", "--format", kind)
        other = command("batch", TABLE, "--fps", 20, "--out", "o", "--format", kind)
        runs.append(Run(f"batch {kind}", make))
        runs.append(Run(f"batch {kind} over another", make, (other,)))
    augment = ("augment", "--portraits", PEOPLE, "--out", "o", "--frames", "two", "--flow", "dis")
    augment += ("--size", "96", "--validation", "0.5")
    for kind in ("mkv", "png"):
        few, many = (command(*augment, "--format", kind, "--count", n) for n in (4, 6))
        runs.append(Run(f"augment {kind}", few))
        runs.append(Run(f"augment {kind} extended", many, (few,)))
    for kind in ("pairs", "clips"):
        plan = command("produce", "plan", f"../inputs/{kind}.toml", "--out", "o")
        runs.append(Run(f"produce {kind}", produced, (plan,)))
    for kind in ("mp4", "png", "csv", "project"):
        runs.append(Run(f"studio {kind}", studio_export(kind)))
    runs.append(
        Run("train", _train(), (), _train(resume=True), (f"o/checkpoints/step-{4:08d}/state.json",))
    )
    return runs


def disk_runs() -> list[Run]:
    """Return the runs for which the disk is full: all of `all_runs`, and what writes a single file."""
    also = ("--plot", "o/aus.png", "--overlay", "o/overlay.mkv")
    project = command("render", "studio/projects/x.json", "--out", "o/a.mkv")
    export = ("train", "export", "run", "--out", "o", "--trained-on", "Of noise.")
    augmented = ("augment", "--portraits", PEOPLE, "--out", "data", "--frames", "two", "--count", 4)
    faces = ("train", "faces", "--portraits", PEOPLE, "--out", "o", "--size", 64, "--views", 2)
    return [
        *all_runs(),
        Run("demo", command("demo", "--out", "o")),
        Run("measure", command("measure", DRIVER, "--out", "o/aus.csv", *also)),
        Run("sheet", command("sheet", DRIVER, "--out", "o/sheet.png")),
        Run("recode", command("recode", RECODED, "--out", "o/recoded.csv")),
        Run(
            "flows",
            command("flows", "folder", "data", "--out", "o/flows.npz", "--flow", "dis"),
            (command(*augmented, "--flow", "dis", "--size", 96),),
        ),
        Run("render", project, (studio_export("project"), _project)),
        Run("faces", command(*faces)),
        Run("export", command(*export), (_train(out="run"),)),
    ]


def _project() -> int:
    (exported,) = Path("studio/exports").glob("*.json")
    exported.replace("studio/projects/x.json")
    return 0


def _train(*, out: str = "o", resume: bool = False) -> Work:
    small = ("generator.image_px=16", "generator.width=4", "generator.blocks=1", "batch_size=2")
    begin = ("--recipe", "painted", "--steps", 4, *(f"--set={each}" for each in small))
    always = ("--data", FACES, "--out", out, "--accelerator", "cpu", "--save-every", 2)
    return command("train", "ulme-gan", *always, *(["--resume"] if resume else begin))


def studio_export(kind: str) -> Work:
    """Return a function that starts a studio, uploads a portrait, and exports a design."""

    def work() -> int:
        try:
            return _export(kind)
        except MienError as error:
            print(f"mien: error: {error}", file=sys.stderr)
            return EXIT_CODE

    return work


def _export(kind: str) -> int:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # starlette asks for a successor of httpx
        from tests.studio.visitor import visitor

    from mien.studio.app import create_app

    envelope = {"au": "AU12L", "onset_seconds": 0.02, "apex_start_seconds": 0.08}
    envelope |= {"apex_end_seconds": 0.1, "offset_seconds": 0.18, "peak_intensity": 4.0}
    with visitor(create_app(Path("studio"))) as client:

        def ask(method: str, place: str, **body: Any) -> dict[str, Any]:
            answer = client.request(method, place, **body)
            if answer.status_code >= 300:
                raise MienError(answer.json()["error"]["message"])
            return answer.json()

        made = ask("POST", "/api/portraits?name=face.png", content=Path(FACE).read_bytes())
        design = {"portrait": made["id"], "envelopes": [envelope | {"shape": "smooth"}]}
        design |= {"duration_seconds": 0.2, "fps": "50"}
        if ask("GET", "/api/exports")["exports"]:
            return 0  # the export of the killed run is there
        body = {"design": design, "kind": kind, "file_name": "x"}
        job = ask("POST", "/api/exports", json=body)
        while job["state"] in ("waiting", "running"):
            time.sleep(0.01)
            job = ask("GET", f"/api/jobs/{job['id']}")
        if job["state"] != "done":
            raise MienError(job["error"]["message"])
        return 0


def produced() -> int:
    """Make the shards of a set in this process, as a worker does; its own are beyond the harness."""
    from mien.produce.worker import make_shard

    for shard in range(2):
        outcome = make_shard(Path("o"), shard)
        if outcome.state == "broken":
            print(f"mien: error: {outcome.why}", file=sys.stderr)
            return EXIT_CODE
    return 0


def make_inputs(folder: Path) -> int:
    """Write portraits, tables, a set of faces, and a clip to measure and to transfer; return 0 if it went well."""
    import cv2
    import numpy as np
    import skimage.data

    from mien.au.catalog import RIG_NAMES
    from mien.cli.main import main
    from mien.io.images import write_png
    from mien.training.faces.face_set_writer import write_face_set

    head = cv2.resize(skimage.data.astronaut()[0:300, 100:350], (160, 192))
    write_png(folder / "people" / "ann.png", head)
    write_png(folder / "people" / "bob.png", np.ascontiguousarray(head[:, ::-1]))
    rows = [f"people/{who}.png,{what},{who}" for who, what in (("ann", "fear"), ("bob", "anger"))]
    (folder / "table.csv").write_text("\n".join(["portrait,expression,name", *rows]) + "\n")
    for kind in ("pairs", "clips"):
        plan = f'portraits = "people"\ncount = 4\nshard = 2\nkind = "{kind}"\nsize = 96\n'
        (folder / f"{kind}.toml").write_text(plan + "rates = 25\n" * (kind == "clips"))
    rng = np.random.default_rng(0)
    with write_face_set(folder / "set", views=2, size=16, facts={"kind": "rig"}) as writer:
        for person in range(24):
            images = rng.integers(0, 255, (2, 16, 16, 3), np.uint8)
            writer.add(f"person {person}", images, np.zeros((2, len(RIG_NAMES)), np.float32))
    words = ("generate", str(folder / "people" / "bob.png"), "--expression", "happiness")
    if code := main([*words, "--fps", "25", "--out", str(folder / "driver.mkv")]):
        return code
    return main(["measure", str(folder / "driver.mkv"), "--out", str(folder / "aus.csv")])

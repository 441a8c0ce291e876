"""Make a labelled data set from portraits: clips, a manifest for the plain-folder loader, and flow maps."""

from __future__ import annotations

import csv
import os
from collections.abc import Sequence
from dataclasses import asdict, dataclass, field
from pathlib import Path

from mien.au.catalog import sided_names
from mien.augment.frames import moving_clip
from mien.augment.manifest import manifest_row, manifest_text
from mien.augment.maps import (
    FLOWS_NAME,
    MANIFEST_NAME,
    VALIDATION_NAME,
    maps_record,
    measure_maps,
    remove_maps,
)
from mien.augment.movers import Movers
from mien.augment.options import AugmentOptions
from mien.augment.plan import PlannedClip, plan_clips
from mien.augment.portraits import PortraitFile, SquarePortraits, find_portraits
from mien.augment.record import (
    RECORD_NAME,
    augment_record,
    begin_folder,
    check_count,
    check_same,
    holds,
    options_record,
    write_text,
)
from mien.common.clip_writer import ClipWriter
from mien.common.marking import clip_mark, clip_source
from mien.common.signing import signing_of
from mien.datasets.registry import load_dataset
from mien.datasets.sample import Sample
from mien.datasets.splits import check_disjoint
from mien.errors import DatasetError, MienError, OutputError, UsageError
from mien.flows.maps import CLIP_ERRORS, OnClip
from mien.io.clip_hash import sha256_clip
from mien.io.credentials import Credentials
from mien.io.flow_sets import FlowSet
from mien.io.sidecar import Sidecar, read_sidecar, sidecar_path
from mien.io.used_folder import used_folder

CLIPS = "clips"


@dataclass(frozen=True)
class MadeDataset:
    """A data set that was made.

    Attributes:
        folder: The data set's folder.
        clips: Number of clips.
        made: Number of clips that this run made; the others are from earlier runs.
        flows: Flow maps of the training split.
        validation: Flow maps of the validation split; None if there is no such split.
        measured: Whether this run measured the flow maps; otherwise they are from an earlier run.
        skipped: Why portraits and clips were left out, one line each.
        notes: The engine's notes on new clips, one line each.
    """

    folder: Path
    clips: int
    made: int
    flows: FlowSet
    validation: FlowSet | None = None
    measured: bool = True
    skipped: tuple[str, ...] = field(default=(), repr=False)
    notes: tuple[str, ...] = field(default=(), repr=False)


def make_dataset(
    portraits: str | os.PathLike[str],
    out: str | os.PathLike[str],
    options: AugmentOptions,
    on_clip: OnClip | None = None,
    on_flow: OnClip | None = None,
    *,
    credentials: Credentials | None = None,
) -> MadeDataset:
    """Make a data set of labelled micro-expressions; `mien.augment` and the command line call this.

    Each clip is written under a temporary name and then renamed. The manifest, the flow maps and their record are
    written last. So the next run with the same options continues a run that was stopped. Clips that do not match their
    sidecars are made again.

    Args:
        portraits: A folder with one picture of each person, or a text file that lists such pictures.
        out: The data set's folder: new, empty, or from an earlier run with the same options.
        options: How the data set is made.
        on_clip: Called after each clip with the number of clips made or kept so far, and the total.
        on_flow: Called after each clip whose flow was measured, with the number so far, and the total.
        credentials: What signs the clips; None to leave them unsigned. Clips of an earlier run are made again
            if another certificate signed them, or if only one of the two runs signs.

    Raises:
        UsageError: Options that do not fit together, too few clips for both splits, or a folder that was made with
            other options.
        BadTrackError: The strength takes an AU of a planned clip over 5.
        DatasetError: Two portraits with the same name; without ``skip_bad`` also with the same picture; or drivers that
            cannot be used.
        FaceError: Without ``skip_bad``, a portrait whose face cannot be used.
        UnreadableImageError: Without ``skip_bad``, a damaged portrait.
        UnreadableVideoError: Without ``skip_bad``, a damaged driver.
        OutputError: The folder cannot be written, or the format cannot be signed.
    """
    folder = Path(out)
    if credentials is not None:
        credentials.check(options.format)
    check_same(folder, options_record(options))  # before a minute of face detection
    check_count(folder, options.count, _listed(folder))
    skipped: list[str] = []
    files = find_portraits(Path(portraits), options.side_px, options.skip_bad, skipped)
    drivers = _drivers(options, skipped)
    movers = Movers(options, SquarePortraits(files, options.side_px))
    plan = plan_clips(options, len(files), drivers, lambda aus: _knows(movers, aus))
    check_disjoint(
        train=(files[p.subject].subject for p in plan if p.split == "train"),
        val=(files[p.subject].subject for p in plan if p.split == "val"),
    )
    if options.validation and len({p.split for p in plan}) < 2:
        raise UsageError(
            f"expected clips in both splits with --validation {options.validation:g}, got all "
            f"{len(plan)} in {plan[0].split}: use a larger --count"
        )
    with used_folder(folder, CLIPS):
        begin_folder(folder, augment_record(options, files, movers.engine))
        run = _Run(folder, options, files, movers, credentials)
        return _fill(run, plan, skipped, on_clip, on_flow)


def _fill(
    run: _Run,
    plan: Sequence[PlannedClip],
    skipped: list[str],
    on_clip: OnClip | None,
    on_flow: OnClip | None,
) -> MadeDataset:
    """Make the clips that are missing, then the manifest, then the flow maps."""
    folder = run.folder
    made, rows = _make_all(run, plan, skipped, on_clip)
    if not rows:
        raise DatasetError(f"expected a clip that could be made, got none; the first: {skipped[0]}")
    manifest = folder / MANIFEST_NAME
    text = manifest_text(rows)
    if made or not holds(manifest, text):
        remove_maps(folder)  # the maps of other clips
        write_text(manifest, text)
    try:
        without_map, measured = maps_record(folder)["skipped"], False
    except DatasetError:
        remove_maps(folder)
        without_map, measured = measure_maps(folder, run.options, rows, on_flow, _peaks(plan)), True
    skipped += without_map
    held = folder / VALIDATION_NAME
    return MadeDataset(
        folder,
        len(rows),
        made,
        FlowSet.from_npz(folder / FLOWS_NAME),
        FlowSet.from_npz(held) if held.is_file() else None,
        measured,
        tuple(skipped),
        tuple(run.notes),
    )


def _peaks(plan: Sequence[PlannedClip]) -> dict[str, dict[str, float]]:
    """Return the AUs' intensities at the apex of each clip that is made from AUs, by the clip's name."""
    return {
        clip.name: {each.au: each.peak_intensity for each in clip.shown.envelopes}
        for clip in plan
        if clip.shown is not None
    }


def _listed(folder: Path) -> int:
    """Return the number of clips in the manifest of an earlier run; 0 if there is no manifest."""
    manifest = folder / MANIFEST_NAME
    if not ((folder / RECORD_NAME).is_file() and manifest.is_file()):
        return 0
    try:
        with manifest.open(encoding="utf-8", newline="") as file:
            return sum(1 for _ in csv.DictReader(file))
    except (OSError, ValueError, csv.Error) as error:
        raise OutputError(f"cannot read {manifest}: {error}; choose another folder") from error


@dataclass(frozen=True)
class _Run:
    """The arguments for making each clip."""

    folder: Path
    options: AugmentOptions
    files: Sequence[PortraitFile]
    movers: Movers
    credentials: Credentials | None = None
    notes: list[str] = field(default_factory=list)

    @property
    def signed_by(self) -> str:
        """SHA-256 of the certificate that signs the clips; empty without one."""
        return "" if self.credentials is None else self.credentials.fingerprint

    def place(self, plan: PlannedClip) -> tuple[str, str]:
        """Return a clip's name in the manifest, and its path. The path of a folder ends with a slash."""
        suffix = ".mkv" if self.options.format == "mkv" else ""
        name = f"{CLIPS}/{plan.name}{suffix}"
        return name, os.fspath(self.folder / name) + ("" if suffix else os.sep)


def _make_all(
    run: _Run, plan: Sequence[PlannedClip], skipped: list[str], on_clip: OnClip | None
) -> tuple[int, list[dict[str, str]]]:
    """Make the missing clips; return how many were made, and the rows of the manifest."""
    rows: dict[int, dict[str, str]] = {}
    made = 0
    # All clips of a portrait are made in sequence, so that it is read, searched and prepared once.
    for done, clip in enumerate(sorted(plan, key=lambda clip: (clip.subject, clip.seed)), start=1):
        try:
            kept = _kept(run, clip)
            rows[clip.seed] = kept or _make(run, clip)
            made += kept is None
        except CLIP_ERRORS as error:
            line = f"{clip.name}: {error}"
            if not run.options.skip_bad:
                raise type(error)(f"{line} (--skip-bad goes on without)") from error
            skipped.append(" ".join(line.split()))
        if on_clip is not None:
            on_clip(done, len(plan))
    return made, [rows[number] for number in sorted(rows)]


def _make(run: _Run, plan: PlannedClip) -> dict[str, str]:
    name, path = run.place(plan)
    moving = moving_clip(plan, run.options, run.movers)
    frames = moving.frames
    row = manifest_row(plan, run.files, name, moving)
    inputs = [run.files[plan.subject].input_file]
    if plan.mover is not None:
        inputs.append(run.files[plan.mover].input_file)

    mark = clip_mark(run.options.spec, inputs)

    def record() -> Sidecar:
        settings = run.options.to_json() | {"row": row, "film": plan.film and asdict(plan.film)}
        if network := run.movers.engine.record() | frames.facts:
            settings["network"] = network
        if frames.notes:
            settings["notes"] = list(frames.notes)
        return Sidecar(
            engine=run.options.engine,
            seed=run.options.seed,
            fps=moving.fps,
            frames=1,
            width=1,
            height=1,
            inputs=tuple(inputs),
            track=frames.track,
            settings=settings,
            source=clip_source(run.options.spec, inputs),
            signed_by=run.signed_by,
        )

    side = run.options.side_px
    mover = None if plan.mover is None else run.files[plan.mover]
    subject = run.files[plan.subject]
    signing = signing_of(
        run.credentials,
        portrait=subject.input_file,
        portrait_path=subject.path,
        driver=None if mover is None else mover.input_file,
        driver_path=None if mover is None else mover.path,
    )
    writer = ClipWriter(path, moving.fps, (side, side, 3), mark=mark, signing=signing)
    writer.write(frames, len(moving.times_seconds), record)
    run.notes.extend(f"{plan.name}: {note}" for note in frames.notes)
    return row


def _kept(run: _Run, plan: PlannedClip) -> dict[str, str] | None:
    """Return the manifest's row of a complete clip of an earlier run; None if there is none."""
    name, path = run.place(plan)
    sidecar = sidecar_path(path)
    if not Path(path).exists() or not sidecar.is_file():
        return None
    try:
        described = read_sidecar(sidecar)
        row = dict(described.settings["row"])
        as_asked = row["file"] == name and described.signed_by == run.signed_by
        whole = as_asked and sha256_clip(path) == described.sha256
        return row if whole else None
    except (MienError, KeyError, TypeError, ValueError):
        return None


def _knows(movers: Movers, aus: tuple[str, ...]) -> bool:
    """Return whether the engine that draws AUs can show a combination."""
    known = movers.known_aus
    return known is None or {side for name in aus for side in sided_names(name)} <= known


def _drivers(options: AugmentOptions, skipped: list[str]) -> tuple[Sample, ...]:
    if options.drivers is None:
        return ()
    copy = load_dataset("folder", options.drivers)
    usable = []
    for sample in copy.samples:
        if sample.label is None:
            continue
        try:
            if sample.path is None:
                raise DatasetError(f"{sample.id}: expected its frames, got none")
            if sample.needed_apex() <= sample.onset:
                raise DatasetError(f"{sample.id}: expected an apex after the onset, got it before")
            usable.append(sample)
        except DatasetError as error:
            if not options.skip_bad:
                raise
            skipped.append(str(error))
    if not usable:
        raise DatasetError(f"expected drivers of the three classes in {options.drivers}, got none")
    return tuple(usable)

"""Make a face set of kind ``clips``."""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Callable, Mapping
from contextlib import closing
from pathlib import Path
from typing import Any

from mien.errors import UsageError
from mien.face.square import PUBLISHED_SQUARE_CM, SQUARE_CM
from mien.io.atomic import check_folder_free, check_writable
from mien.training.clips.arrays import arrays_of
from mien.training.clips.cut_clip import CutSettings
from mien.training.clips.labels import label_names
from mien.training.clips.outcome import Outcome
from mien.training.clips.shard import ShardTask, naming_writes, write_shard
from mien.training.clips.sources import Source, find_source
from mien.training.clips.unfinished import UnfinishedSet, remove_finished
from mien.training.faces.face_set import CLIPS_FORMAT, RECORD_NAME, FaceSet
from mien.training.faces.held_out import held_out_people
from mien.training.faces.workers import in_order
from mien.training.options import ClipOptions

LEAST_PX = 16
"""Smallest side of the pictures, pixels."""

CROPS_CM = {"ours": SQUARE_CM, "published": PUBLISHED_SQUARE_CM}
"""Side of the square around the face by crop, canonical centimetres."""


def build_clip_faces(
    source: str,
    out: Path,
    *,
    size: int = 128,
    options: ClipOptions | None = None,
    workers: int = 1,
    progress: Callable[[int, int], None] | None = None,
) -> None:
    """Make a face set of clips, or continue one that was interrupted.

    Args:
        source: A folder with one subfolder per person, a set of ``mien produce``, or a data set and its
            root (``casme2:ROOT``).
        out: Folder of the set.
        size: Side of the pictures, pixels.
        options: How the clips are read.
        workers: Number of processes.
        progress: Called with the number of clips done and the total.

    Raises:
        UsageError: No clips or none that can be used, too few people, or a set in ``out`` that was made or
            begun from other clips or with other settings.
        DatasetError: The copy of the data set cannot be read.
        OutputError: The set cannot be written. Finished clips are kept.
    """
    options = options or ClipOptions()
    if size < LEAST_PX:
        raise UsageError(f"expected --size of {LEAST_PX} px or more, got {size}")
    found = find_source(source, options.part, options.rate, timed=options.labels == "measured")
    if not found.clips:
        raise UsageError(f"expected clips in {source}, got none: {found.skipped[0].why}")
    held_out_people([clip.person for clip in found.clips])  # before hours of work
    check_folder_free(out, lambda place: (place / RECORD_NAME).is_file())
    check_writable(out, folder=True)
    settings = CutSettings(size, CROPS_CM[options.crop], options.labels, options.tables)
    names = label_names(options.labels)
    facts = {
        "kind": "clips",
        "size": size,
        "labels": options.labels,
        "square_cm": settings.square_cm,
        "part": options.part,
        "source": found.name,
    }
    plan = facts | {"clips": _digest(found)}
    facts["clips_digest"] = plan["clips"]
    if (out / RECORD_NAME).is_file():
        check_same_set(out, facts)
        remove_finished(out, plan)
        return
    with naming_writes(out):
        unfinished = UnfinishedSet(out, plan, arrays_of(size, len(names)))
    try:
        _cut_all(found, settings, unfinished, out, workers, progress)
        outcomes = [*found.skipped, *unfinished.done]
        used = [outcome for outcome in outcomes if outcome.frames]
        if not used:
            raise UsageError(
                f"expected clips that can be used, got none among {len(outcomes)}; "
                f"{outcomes[0].name}: {outcomes[0].why}"
            )
        with naming_writes(out):
            unfinished.finish(_record(facts, outcomes, used, size, names))
    finally:
        if not any(outcome.frames for outcome in unfinished.done):
            unfinished.remove()
        unfinished.release()


def _cut_all(
    found: Source,
    settings: CutSettings,
    unfinished: UnfinishedSet,
    out: Path,
    workers: int,
    progress: Callable[[int, int], None] | None,
) -> None:
    """Cut the clips that are not done yet, in order."""
    tasks = [
        ShardTask(clip, settings, unfinished.shard(number), out)
        for number, clip in enumerate(found.clips)
    ][len(unfinished.done) :]
    with closing(in_order(write_shard, tasks, workers)) as outcomes:
        for task, outcome in zip(tasks, outcomes, strict=True):
            with naming_writes(out):
                unfinished.add(outcome, task.shard)
            if progress is not None:
                progress(len(unfinished.done), len(found.clips))


def _record(
    facts: dict[str, Any],
    outcomes: list[Outcome],
    used: list[Outcome],
    size: int,
    names: tuple[str, ...],
) -> dict[str, Any]:
    """Return the set's record: how it is stored, how it was made, what was skipped and why."""
    frames = [outcome.frames for outcome in used]
    left_out: Counter[str] = Counter()
    for outcome in used:
        left_out.update(outcome.left_out)
    skipped = [outcome for outcome in outcomes if not outcome.frames]
    counts = {
        "people": len({outcome.person for outcome in used}),
        "clips": len(used),
        "frames": sum(frames),
        "frames_left_out": dict(left_out),
        "skipped": dict(Counter(outcome.skipped for outcome in skipped)),
    }
    return {
        "format": CLIPS_FORMAT,
        "shape": [sum(frames), 1, size, size, 3],
        "au_names": names,
        **facts,
        "counts": counts,
        "skipped": [[outcome.name, outcome.skipped, outcome.why] for outcome in skipped],
        "clips": [outcome.name for outcome in used],
        "identities": [outcome.person for outcome in used],
        "frames": frames,
    }


def check_same_set(out: Path, facts: Mapping[str, Any]) -> None:
    """Refuse to replace a finished set that was made from other clips or with other settings.

    Args:
        out: Folder of the finished set.
        facts: How the set would be made now.

    Raises:
        UsageError: The finished set differs, or cannot be read.
    """
    there = FaceSet.open(out).facts
    differ = [name for name, value in facts.items() if there.get(name) != value]
    differ = ["clips" if name == "clips_digest" else name for name in differ]
    if differ:
        raise UsageError(
            f"expected a new folder for this set, got {out}, a finished set with other {' and '.join(differ)}: "
            "give another --out, or delete it"
        )


def _digest(found: Source) -> str:
    """Return the SHA-256 over the clips' names, parts and sizes, which identifies them without reading them."""
    digest = hashlib.sha256()
    for clip in found.clips:
        is_video = clip.path.is_file()
        size = clip.path.stat().st_size if is_video else sum(1 for _ in clip.path.iterdir())
        digest.update(f"{clip.name} {clip.start} {clip.stop} {clip.fps} {size}\n".encode())
    return digest.hexdigest()

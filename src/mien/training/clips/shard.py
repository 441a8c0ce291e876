"""Write the arrays of one clip to a shard, frame by frame, so that memory does not grow with the clip's length."""

from __future__ import annotations

import errno
import shutil
from collections import Counter
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path

from mien.errors import MienError, OutputError
from mien.training.clips.arrays import arrays_of
from mien.training.clips.cut_clip import CutSettings, cut_clip
from mien.training.clips.labels import label_names
from mien.training.clips.outcome import TOO_SHORT, Outcome, skip_for
from mien.training.clips.person_clip import PersonClip


@dataclass(frozen=True)
class ShardTask:
    """A clip to write.

    Attributes:
        clip: The clip.
        settings: How faces are cut from it.
        shard: Folder of the shard.
        out: Folder of the set, for messages.
    """

    clip: PersonClip
    settings: CutSettings
    shard: Path
    out: Path


def write_shard(task: ShardTask) -> Outcome:
    """Write a clip to a shard; a clip that cannot be used leaves no shard.

    Raises:
        OutputError: The disk is full, or the shard cannot be written.
    """
    clip = task.clip
    left_out: Counter[str] = Counter()
    shutil.rmtree(task.shard, ignore_errors=True)
    try:
        frames = _write(task, left_out)
    except OutputError:
        shutil.rmtree(task.shard, ignore_errors=True)
        raise
    except MienError as error:
        shutil.rmtree(task.shard, ignore_errors=True)
        return skip_for(clip.name, clip.person, error)
    counted = {reason: count for reason, count in left_out.items() if count}
    if frames < 2:
        shutil.rmtree(task.shard, ignore_errors=True)
        others = "".join(f", {count} left out ({reason})" for reason, count in counted.items())
        why = f"expected two frames or more, as one shows no motion, got {frames}{others}"
        return Outcome(clip.name, clip.person, left_out=counted, skipped=TOO_SHORT, why=why)
    return Outcome(clip.name, clip.person, frames, counted)


def _write(task: ShardTask, left_out: Counter[str]) -> int:
    """Write the usable frames of a clip, and return their number."""
    settings = task.settings
    arrays = arrays_of(settings.size, len(label_names(settings.labels)))
    frames = 0
    with ExitStack() as opened:
        opened.enter_context(naming_writes(task.out))
        task.shard.mkdir(parents=True)
        files = {
            name: opened.enter_context((task.shard / array.file).open("wb"))
            for name, array in arrays.items()
        }
        for face in cut_clip(task.clip, settings, left_out):
            for name, array in arrays.items():
                if not (array.per_clip and frames):
                    files[name].write(array.row_bytes(getattr(face, _FIELD.get(name, name))))
            frames += 1
    return frames


_FIELD = {"images": "image"}
"""Field of `FrameFace` by array, where the two names differ."""


@contextmanager
def naming_writes(out: Path) -> Iterator[None]:
    """Turn the system's write errors into an `OutputError` that names the set."""
    try:
        yield
    except OSError as error:
        full = error.errno in (errno.ENOSPC, errno.EDQUOT)
        todo = "make room" if full else "choose a place that can be written"
        raise OutputError(
            f"cannot write {out}: {error.strerror or error}; {todo}, and run the same command "
            "again: finished clips are kept"
        ) from error

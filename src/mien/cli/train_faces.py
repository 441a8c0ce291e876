"""``mien train faces``: make a face set from portraits or from clips."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Annotated, Any

import tyro

from mien.cli.say import say
from mien.common.option_help import option
from mien.errors import UsageError
from mien.training.options import DEFAULT_KIND, ClipOptions, FaceSetOptions, Kind


@dataclass(frozen=True, kw_only=True)
class Faces:
    """Make a face set from a folder of portraits, or from clips of people.

    Run the same command again to continue a set of clips that was interrupted.
    """

    portraits: Annotated[Path | None, option("FOLDER")] = None
    """Folder of pictures with one face each; the file name without suffix is the person's name."""

    clips: Annotated[str | None, option("FOLDER|SET|NAME:ROOT")] = None
    """Instead of --portraits: a folder with a subfolder for each person, which holds videos or folders of frames; a set
    of mien produce, whose split train is used; or a data set and the folder of your copy, such as casme2:ROOT."""

    out: Annotated[Path, tyro.conf.arg(metavar="SET")]
    """Folder of the face set."""

    kind: Kind = DEFAULT_KIND
    """With --portraits: rig moves each face, so that AUs, motion and pairs are known exactly; flow does the same, with
    the motion of each pixel and a tighter crop; still uses the pictures as they are and measures their AUs."""

    size: Annotated[int, tyro.conf.arg(metavar="PX")] = 128
    """Width and height of the pictures, in pixels."""

    seed: Annotated[int, tyro.conf.arg(metavar="N")] = 0
    """With --portraits: random seed of the crops and of the AUs that the rig moves."""

    how: Annotated[FaceSetOptions, tyro.conf.arg(name="")] = field(default_factory=FaceSetOptions)
    """How the set is made."""

    cut: Annotated[ClipOptions, tyro.conf.arg(name="")] = field(default_factory=ClipOptions)
    """How clips are read."""

    def run(self) -> int:
        """Make the set and print its size."""
        if (self.portraits is None) == (self.clips is None):
            raise UsageError("expected either --portraits FOLDER or --clips FOLDER|SET|NAME:ROOT")
        if self.portraits is None:
            assert self.clips is not None
            return self._of_clips(self.clips)
        if self.cut != ClipOptions():
            raise UsageError(
                "expected the options of clips with --clips, got them with --portraits"
            )
        return self._of_portraits(self.portraits)

    def _of_portraits(self, portraits: Path) -> int:
        from mien.cli.notes import warn
        from mien.cli.progress import frame_progress
        from mien.training.run import build_faces

        with frame_progress(self.out.name) as show:
            faces = build_faces(
                portraits,
                self.out,
                self.kind,
                size=self.size,
                seed=self.seed,
                options=self.how,
                progress=show,
            )
        if skipped := faces.facts.get("skipped"):
            warn([f"no usable face in {len(skipped)} pictures, such as {skipped[0]}"])
        views = faces.images.shape[1]
        say(f"{self.out}: {len(faces)} faces with {views} views of {faces.size} px each")
        return 0

    def _of_clips(self, clips: str) -> int:
        from mien.cli.notes import warn
        from mien.cli.progress import frame_progress
        from mien.training.run import build_clips

        if (self.kind, self.seed, self.how.views) != (DEFAULT_KIND, 0, FaceSetOptions().views):
            raise UsageError(
                "expected --kind, --seed and --views with --portraits, not with --clips"
            )
        with frame_progress(self.out.name) as show:
            faces = build_clips(
                clips,
                self.out,
                size=self.size,
                options=self.cut,
                workers=self.how.workers,
                progress=show,
            )
        warn(skipped_words(faces.facts))
        counts = faces.facts["counts"]
        say(
            f"{self.out}: {counts['people']} people, {counts['clips']} clips, {counts['frames']} "
            f"frames of {faces.size} px"
        )
        return 0


def skipped_words(facts: Mapping[str, Any]) -> list[str]:
    """Return which clips and frames were left out of a set of clips, one line for each reason.

    Args:
        facts: The facts of the set.
    """
    counts, skipped = facts["counts"], facts["skipped"]
    lines = []
    for kind, count in counts["skipped"].items():
        name, why = next((name, why) for name, of, why in skipped if of == kind)
        lines.append(f"{count} clips skipped, {kind}, such as {name}: {why}")
    lines += [
        f"{count} frames left out: {reason}" for reason, count in counts["frames_left_out"].items()
    ]
    return lines

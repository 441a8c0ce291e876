"""``mien train faces``: a face set from portraits."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path
from typing import Annotated

import tyro

from mien.training.options import DEFAULT_KIND, FaceSetOptions, Kind


@dataclass(frozen=True, kw_only=True)
class Faces:
    """Make a face set from a folder of portraits."""

    portraits: Annotated[Path, tyro.conf.arg(metavar="FOLDER")]
    """Folder of pictures with one face each; the file name without suffix is the person's name."""

    out: Annotated[Path, tyro.conf.arg(metavar="SET")]
    """Folder of the face set."""

    kind: Kind = DEFAULT_KIND
    """rig moves each face, so that AUs, motion and pairs are known exactly; flow does so with the
    motion of each pixel, in a tighter crop; still takes the pictures as they are and measures their
    AUs."""

    size: Annotated[int, tyro.conf.arg(metavar="PX")] = 128
    """Side of the pictures, pixels."""

    seed: Annotated[int, tyro.conf.arg(metavar="N")] = 0
    """Seed of the crops, and of the AUs that the rig moves."""

    how: Annotated[FaceSetOptions, tyro.conf.arg(name="")] = field(default_factory=FaceSetOptions)
    """How the set is made."""

    def run(self) -> int:
        """Make the set and print its size."""
        from mien.cli.notes import warn
        from mien.cli.progress import frame_progress
        from mien.training.run import build_faces

        with frame_progress(self.out.name) as show:
            faces = build_faces(
                self.portraits,
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
        print(f"{self.out}: {len(faces)} faces with {views} views of {faces.size} px each")
        return 0

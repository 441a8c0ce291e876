"""``mien demo``: make an example video."""

from __future__ import annotations

import shutil
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Literal

import tyro

from mien.cli.overwrite import Overwrite
from mien.cli.say import say
from mien.errors import MissingExtraError
from mien.generate.options import ClipOptions
from mien.install import install_command

if TYPE_CHECKING:
    from mien.types import RGBImage

EXPRESSION = "happiness"
INTENSITY = "C"


@dataclass(frozen=True, kw_only=True)
class Demo:
    """Make an example video and its contact sheet, from a portrait that comes with scikit-image."""

    out: Annotated[Path, tyro.conf.arg(metavar="FOLDER")] = Path("mien-demo")
    """The output folder."""

    chroma: Literal["420", "444"] = "420"
    """Colour resolution: 420 plays in every program; 444, the default of mien generate, keeps all colour."""

    overwrite: Overwrite = False

    def run(self) -> int:
        """Make the video and the sheet, and print their paths."""
        from mien.cli.generate import describe
        from mien.cli.progress import frame_progress
        from mien.common.picture import Picture
        from mien.generate.clip import make_clip
        from mien.io.images import write_png
        from mien.plots.contact_sheet import contact_sheet

        portrait, video = self.out / "portrait.png", self.out / f"{EXPRESSION}.mp4"
        write_png(portrait, astronaut())
        options = ClipOptions(
            expression=EXPRESSION,
            intensity=INTENSITY,
            lead_seconds=0.1,
            tail_seconds=0.1,
            chroma=self.chroma,
        )
        with frame_progress(video.name) as show:
            made = make_clip(Picture.of(portrait), video, options, show)
        sheet = contact_sheet(video, video.with_suffix(".png"))
        say(describe(made))
        say(f"{sheet}: its contact sheet")
        say(f"{portrait}: the portrait")
        trial = f"generate {portrait} --expression surprise --out {self.out / 'surprise.mp4'}"
        say(f"next, try: {_command()} {trial}")
        return 0


def _command() -> str:
    """Return the command that starts Mien in this terminal, where ``mien`` may not be on the path."""
    if shutil.which("mien") or Path(sys.argv[0]).stem != "mien":
        return "mien"
    return sys.argv[0]


def astronaut() -> RGBImage:
    """Return the portrait of Eileen Collins (NASA, public domain), (512, 512, 3).

    Raises:
        MissingExtraError: scikit-image is not installed.
    """
    try:
        from skimage.data import astronaut as picture
    except ImportError as error:
        raise MissingExtraError(
            "the demo needs the portrait of scikit-image, which is not installed; install it: "
            f"{install_command('demo')}"
        ) from error
    result: RGBImage = picture()
    return result

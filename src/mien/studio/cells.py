"""Preview the clips of a planned sheet before it is made: the frame at the apex, or all frames.

The studio remembers a plan, so that the page can show its clips one by one, as a contact sheet.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from typing import Annotated

from fastapi import APIRouter, Path, Query, Response
from fastapi.responses import StreamingResponse

from mien.common.screen import encode_picture
from mien.generate.look import Look, mask_seed
from mien.generate.motion import Motion, make_motion
from mien.generate.options import ClipOptions, RenderOptions
from mien.generate.preview import Preview
from mien.io.clip_hash import sha256_file
from mien.stimuli.stimulus import Stimulus
from mien.studio.clips import small
from mien.studio.errors import not_found
from mien.studio.folder import ID_DIGITS
from mien.studio.preview import STREAM, stream
from mien.studio.schemas import Design, Id
from mien.studio.state import Studio, StudioHere
from mien.types import Image

router = APIRouter(prefix="/api/stimuli/plans")

MOST_SHOWN_FPS = 60
"""Highest frame rate of a preview, as most screens have it; further frames are left out."""

Number = Annotated[int, Path(ge=0, le=10**6)]
Size = Annotated[int, Query(ge=64, le=1024)]


@dataclass(frozen=True, eq=False)
class Plan:
    """A sheet that may be made.

    Attributes:
        stimuli: Its clips.
        common: Options of all clips.
    """

    stimuli: tuple[Stimulus, ...]
    common: RenderOptions

    @cached_property
    def id(self) -> str:
        """Id by which the plan is remembered, a hash of its content: equal plans have the same id."""
        said = repr((self.stimuli, self.common))
        return hashlib.sha256(said.encode()).hexdigest()[:ID_DIGITS]

    def motion(self, number: int) -> Motion:
        """Return the motion of a clip."""
        common = {
            name: getattr(self.common, name) for name in ("fps", "lead_seconds", "tail_seconds")
        }
        look = {name: getattr(self.common, name) for name in ("mask", "mask_seconds")}
        envelopes = self.stimuli[number].expression.envelopes
        return make_motion(ClipOptions(au=tuple(e.format() for e in envelopes), **common, **look))


@router.get("/{plan}/{number}/picture", response_class=Response)
def picture(plan: Id, number: Number, studio: StudioHere, size_px: Size = 192) -> Response:
    """Return a clip's frame at the apex, as JPEG. Its longer side is at most ``size_px``."""
    found = _found(studio, plan, number)
    preview, look = _prepared(studio, found, number)
    apex = found.common.lead_seconds + found.stimuli[number].expression.apex_seconds
    with studio.rendering:
        made = preview.frame(found.motion(number).face_track, apex)
    return Response(encode_picture(small(look.frame(made), size_px)), media_type="image/jpeg")


@router.get("/{plan}/{number}/frames", response_class=StreamingResponse)
def frames(plan: Id, number: Number, studio: StudioHere, size_px: Size = 384) -> StreamingResponse:
    """Return a clip's frames, mask included, as a frame stream: at most 60 a second; see the header ``X-Fps``."""
    found = _found(studio, plan, number)
    preview, look = _prepared(studio, found, number)
    motion = found.motion(number)
    step = max(1, -(-motion.fps // MOST_SHOWN_FPS))
    seed = mask_seed(sha256_file(found.stimuli[number].portrait))

    def faces() -> Iterator[Image]:
        for index in range(len(motion.face_track)):
            with studio.rendering:
                yield next(preview.frames(motion.face_track, [index]))

    def pictures() -> Iterator[bytes]:
        shown = look.frames(faces(), preview.portrait.image, motion.fps, seed)
        for index, frame in enumerate(shown):
            if index % step == 0:
                yield encode_picture(small(frame, size_px))

    count = -(-len(motion.track) // step)
    headers = {"X-Fps": str(float(motion.fps / step)), "X-Frames": str(count)}
    return StreamingResponse(stream(pictures()), media_type=STREAM, headers=headers)


def _found(studio: Studio, plan: str, number: int) -> Plan:
    found: Plan | None = studio.plans.get(plan)
    if found is None or number >= len(found.stimuli):
        raise not_found("this plan is no longer remembered: change the sheet, or open it again")
    return found


def _prepared(studio: Studio, plan: Plan, number: int) -> tuple[Preview, Look]:
    """Return the renderer of a clip's frames, and the look in which they are shown."""
    stimulus, common = plan.stimuli[number], plan.common
    design = Design(
        portrait=stimulus.portrait.name[:ID_DIGITS],
        face=stimulus.face,
        engine=common.engine,
        settings=common.settings.given(),
    )
    preview = studio.preview(design, 512)
    return preview, Look.on(common, preview.portrait)

"""Read the frames of a coded clip: onset and apex, or all of them."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import islice

from mien.datasets.sample import Sample
from mien.errors import DatasetError
from mien.io.clip import TimedFrame
from mien.io.clips import open_clip
from mien.io.images import read_image
from mien.motion.field import measure_field
from mien.motion.onset_apex import most_moved
from mien.types import Image


def onset_and_apex(sample: Sample, find_apex: bool = False) -> tuple[Image, Image]:
    """Read a clip's onset and apex frame.

    Args:
        sample: The clip.
        find_apex: Whether to use the frame with the largest motion if no apex was coded.

    Raises:
        DatasetError: The clip, one of the frames or the apex is missing, or the apex is not after
            the onset.
        UnreadableImageError: A frame is damaged.
        UnreadableVideoError: The video is damaged.
    """
    if sample.path is None:
        raise DatasetError(f"{sample.id}: expected its frames in the copy, got none")
    if sample.apex is None and find_apex:
        return _found_apex(sample)
    apex = sample.needed_apex()
    if apex <= sample.onset:
        raise DatasetError(
            f"{sample.id}: expected an apex after onset {sample.onset}, got {apex} in "
            f"{sample.where}"
        )
    if sample.frames is not None:
        return read_image(sample.frames.file(sample.onset)), read_image(sample.frames.file(apex))
    frames = [frame for number, frame in _video(sample, apex + 1) if number in (sample.onset, apex)]
    if len(frames) != 2:
        raise DatasetError(
            f"{sample.id}: expected frames {sample.onset} and {apex} in {sample.path}, got fewer "
            "frames"
        )
    return frames[0], frames[1]


def clip_frames(sample: Sample) -> Iterator[TimedFrame]:
    """Yield (seconds in the clip, frame) from onset to offset, or to the end if none was coded.

    Raises:
        DatasetError: The copy lacks the frames.
        MienError: A frame or the video is damaged.
    """
    if sample.path is None:
        raise DatasetError(f"{sample.id}: expected its frames in the copy, got none")
    if sample.frames is not None:
        numbers = sample.frames.numbers
        last = numbers[-1] if sample.offset is None else sample.offset
        for number in numbers:
            if sample.onset <= number <= last:
                yield float(number / sample.fps), read_image(sample.frames.file(number))
        return
    for number, frame in _video(sample, None if sample.offset is None else sample.offset + 1):
        if number >= sample.onset:
            yield float(number / sample.fps), frame


def _found_apex(sample: Sample) -> tuple[Image, Image]:
    """Read the onset frame, and the frame up to the offset in which the face has moved most."""
    frames = list(clip_frames(sample))
    if len(frames) < 2:
        raise DatasetError(
            f"{sample.id}: expected at least two frames from onset {sample.onset} on to find its "
            f"apex, got {len(frames)}"
        )
    apex = most_moved(measure_field(frames, choose="largest"))
    if apex == 0:
        raise DatasetError(
            f"{sample.id}: expected a face that moves, to find its apex, got one that is still"
        )
    return frames[0][1], frames[apex][1]


def _video(sample: Sample, stop: int | None) -> Iterator[tuple[int, Image]]:
    """Yield (number, frame) of a video, from 0 to before ``stop``."""
    assert sample.path is not None
    for number, (_, frame) in enumerate(islice(open_clip(sample.path, sample.fps), stop)):
        yield number, frame

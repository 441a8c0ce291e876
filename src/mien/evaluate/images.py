"""Judge results as pictures: a picture, a clip frame by frame, or a folder of clips."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from itertools import islice
from pathlib import Path
from typing import TypeAlias, Unpack

import numpy as np

from mien.common.option_help import face_choice
from mien.common.option_names import from_keywords
from mien.errors import FaceError, UsageError
from mien.evaluate.figures import FRECHET_SFACE, FRECHET_VGG, Figures, mean_figures, whole_ghosting
from mien.evaluate.judge import Judge, Judged, Readers
from mien.evaluate.judge_options import (
    EvaluateImagesKeywords,
    EvaluateImagesOptions,
    JudgeOptions,
)
from mien.evaluate.pictures import (
    Pictures,
    check_pair,
    check_size,
    clips_in,
    is_set,
    matched_clips,
)
from mien.face.portrait import Portrait
from mien.metrics.frechet import frechet_distance
from mien.types import RGBImage

SAME_PERSON = 0.363
"""Pictures of one person have an SFace cosine above this (Zhong et al. 2021, as OpenCV uses it)."""

OnPicture: TypeAlias = Callable[[int, int], None]
"""Called after each picture with the number of pictures judged and the number of all."""


@dataclass(frozen=True)
class JudgedClip:
    """A clip's figures, or those of a picture, which is a clip of one frame.

    Attributes:
        name: The name of its file or folder.
        numbers: Numbers of the judged frames, from 0.
        frames: The figures of these frames.
        mean: The mean of each figure; for ghosting, see `mien.evaluate.figures.whole_ghosting`.
        count: The number of all frames.
    """

    name: str
    numbers: tuple[int, ...]
    frames: tuple[Figures, ...]
    mean: Figures
    count: int


@dataclass(frozen=True)
class ImageEvaluation:
    """How good results are as pictures.

    Attributes:
        clips: The clips, one for a picture or a single clip.
        mean: The mean of the clips' figures; each clip counts the same.
        frechet: Frechet distances of the frames of a set from those of its reference, by `FRECHET_VGG` and
            `FRECHET_SFACE`; a distance is None if there are too few features. Empty if the result is not a set, or
            without a reference.
        is_set: Whether the result is a folder of clips.
        notes: What a user must know, one line each.
    """

    clips: tuple[JudgedClip, ...]
    mean: Figures
    frechet: dict[str, float | None]
    is_set: bool
    notes: tuple[str, ...]


def evaluate_images(
    result: str | os.PathLike[str], **options: Unpack[EvaluateImagesKeywords]
) -> ImageEvaluation:
    """Judge a result as pictures.

    Args:
        result: A picture, a clip (a video, a GIF or a folder of frames), or a folder of clips.
        **options: The fields of `mien.evaluate.judge_options.EvaluateImagesOptions`.

    Raises:
        UsageError: An option out of its range; sizes, lengths or frame rates that differ; clips without a partner.
        MienError: A file that cannot be read, or a portrait without a face.

    Example:
        >>> evaluate_images("made.mp4", reference="real.mp4").mean.ssim  # doctest: +SKIP
    """
    return judge_images(
        Path(result), from_keywords(EvaluateImagesOptions, "mien.evaluate_images", options)
    )


def judge_images(
    result: Path, options: EvaluateImagesOptions, on_picture: OnPicture | None = None
) -> ImageEvaluation:
    """Judge a result as pictures; `evaluate_images` with an options object."""
    if options.reference is None and options.portrait is None:
        raise UsageError("expected --reference or --portrait to compare with, got neither")
    if options.region == "face" and options.reference is None:
        raise UsageError(
            "--region face needs --reference, got none: it is the region of L1, SSIM, GMSD and LPIPS, which need it"
        )
    as_set = is_set(result)
    pairs = _pairs(result, options.reference, as_set)
    given = None if options.portrait is None else Pictures.open(options.portrait)
    if given is not None and given.clip is not None:
        raise UsageError(f"expected a picture after --portrait, got the clip {given.path}")
    for own, reference in pairs:
        if reference is not None:
            check_pair(own, reference)
        if given is not None:
            check_size(own, given, "--portrait")
    readers = Readers.load(lpips=options.lpips and options.reference is not None)
    portrait = None if given is None else _portrait(given, options)
    total = sum(len(range(0, own.count, options.every)) for own, _ in pairs) if on_picture else 0
    distances = (FRECHET_VGG, FRECHET_SFACE) if as_set and options.reference is not None else ()
    features: dict[str, tuple[list[np.ndarray], list[np.ndarray]]]
    features = {name: ([], []) for name in distances}
    work = _Work(options, readers, portrait, on_picture, total, features)
    clips = tuple(work.judge(own, reference) for own, reference in pairs)
    return ImageEvaluation(
        clips,
        mean_figures([clip.mean for clip in clips]),
        work.frechet(),
        as_set,
        (*readers.notes, *work.notes),
    )


def _pairs(
    result: Path, reference: Path | None, as_set: bool
) -> list[tuple[Pictures, Pictures | None]]:
    """Open the results, each with its reference if there is one."""
    if reference is None:
        paths = list(clips_in(result).values()) if as_set else [result]
        return [(Pictures.open(path), None) for path in paths]
    if is_set(reference) != as_set:
        kinds = ["a folder of clips" if each else "none" for each in (as_set, not as_set)]
        raise UsageError(
            f"expected two folders of clips or none, got {kinds[0]} ({result}) and {kinds[1]} "
            f"({reference})"
        )
    if not as_set:
        return [(Pictures.open(result), Pictures.open(reference))]
    matched = matched_clips(result, reference).values()
    return [(Pictures.open(own), Pictures.open(other)) for own, other in matched]


def _portrait(pictures: Pictures, options: JudgeOptions) -> Portrait:
    try:
        return Portrait.from_image(pictures.first, face_choice(options.face))
    except FaceError as error:
        raise type(error)(f"{pictures.name}: {error}") from error


@dataclass(eq=False)
class _Work:
    """Judges clips one after the other, and keeps the features of all frames for the distances in ``features``."""

    options: EvaluateImagesOptions
    readers: Readers
    portrait: Portrait | None
    on_picture: OnPicture | None
    total: int
    features: dict[str, tuple[list[np.ndarray], list[np.ndarray]]]
    notes: list[str] = field(default_factory=list)
    done: int = 0

    def judge(self, own: Pictures, reference: Pictures | None) -> JudgedClip:
        """Judge a clip, or a picture."""
        source = own if reference is None else reference
        portrait = self.portrait or _portrait(source, self.options)
        ghosts = self.portrait is not None or source.clip is not None
        where = source.name if self.portrait is None else str(self.options.portrait)
        judge = Judge(portrait, self.options, self.readers, ghosts=ghosts, name=where)
        numbers, judged = [], []
        for number, frame, wanted in _frames(own, reference, self.options.every):
            one = judge.judge(frame, wanted)
            if wanted is not None and self.features:
                self._keep(judge, one, wanted)
            numbers.append(number)
            judged.append(one)
            self.done += 1
            if self.on_picture is not None:
                self.on_picture(self.done, self.total)
        self._note(own.name, source.name, judged, ghosts)
        return _clip(own, numbers, judged)

    def frechet(self) -> dict[str, float | None]:
        """Return the distances of the kept features; None for fewer than two."""
        return {
            name: (
                frechet_distance(np.stack(own), np.stack(other))
                if min(len(own), len(other)) > 1
                else None
            )
            for name, (own, other) in self.features.items()
        }

    def _keep(self, judge: Judge, judged: Judged, wanted: RGBImage) -> None:
        """Keep the features of a result and its reference."""
        faces = judged.embedding, judge.embedding(wanted)
        seen = judged.perceived
        looks = (None, None) if seen is None else (seen.features_a, seen.features_b)
        for name, features in ((FRECHET_VGG, looks), (FRECHET_SFACE, faces)):
            for kept, feature in zip(self.features[name], features, strict=True):
                if feature is not None:
                    kept.append(feature)

    def _note(self, name: str, beside: str, judged: list[Judged], ghosts: bool) -> None:
        """Note which figures are missing or compare different people, and why."""
        if self.readers.identity is not None:
            faceless = sum(one.embedding is None for one in judged)
            if faceless:
                self.notes.append(
                    f"{name}: no face to recognise in {faceless} of {len(judged)} frames"
                )
            alike = [one.figures.identity for one in judged if one.figures.identity is not None]
            if self.portrait is None and alike and np.mean(alike) < SAME_PERSON:
                self.notes.append(
                    f"{name}: identity, sharpness and ghosting are beside the first frame of {beside}, which shows "
                    "another person; add --portrait, the picture that was moved"
                )
        if not ghosts:
            self.notes.append("no ghosting: --portrait says which picture was moved")
        elif not any(one.residual is not None and one.residual.before > 0 for one in judged):
            self.notes.append(f"{name}: no ghosting, as nothing differs from the portrait")


def _frames(
    own: Pictures, reference: Pictures | None, every: int
) -> Iterator[tuple[int, RGBImage, RGBImage | None]]:
    """Yield every N-th frame with its number and its reference."""
    results = islice(enumerate(own), 0, None, every)
    if reference is None:
        yield from ((number, frame, None) for number, frame in results)
        return
    for (number, frame), wanted in zip(results, islice(reference, 0, None, every), strict=True):
        yield number, frame, wanted


def _clip(own: Pictures, numbers: list[int], judged: list[Judged]) -> JudgedClip:
    figures = tuple(one.figures for one in judged)
    residuals = [one.residual for one in judged if one.residual is not None]
    mean = mean_figures(figures).to_dict() | {"ghosting": whole_ghosting(residuals)}
    return JudgedClip(own.name, tuple(numbers), figures, Figures(**mean), own.count)

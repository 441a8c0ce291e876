"""A portrait: a picture and the face in it that is moved."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

import numpy as np
from jaxtyping import Float64

from mien.errors import FaceError, NoFaceError, ProfileFaceError, SeveralFacesError, UsageError
from mien.face.crop import FaceCrop
from mien.face.detector import overlap
from mien.face.landmarker import FaceLandmarker, crop_around, default_landmarker, rgb
from mien.face.mesh import VERTEX_COUNT
from mien.face.pose import Pose, fit_pose
from mien.types import Image, Landmarks

MAX_YAW_DEGREES = 60.0
"""Largest yaw of a head. A head that is turned further shows too little of one side."""

MIN_FACE_PX = 40
"""Smallest width of a face. A narrower face has too few pixels to show a micro-expression."""

_MIN_SCORE = 0.7
"""Smallest score of a face. Faces score 0.87 and more, folds of cloth and foliage at most 0.66."""

_FEWEST_LOOKS = 3
_MOST_LOOKS = 10
"""Most looks at a face. The crop of an upright head settles in three looks; a head on its side needs six or seven."""

_SAME_FACE_OVERLAP = 0.3


DARK_LEVEL = 32
"""A picture whose brightest hundredth is below this grey level, of 255, is nearly black."""


@dataclass(frozen=True, eq=False)
class Face:
    """A face found in a picture.

    Attributes:
        box_px: (4,) left, top, right, bottom of the landmarks: forehead to chin.
        score: Confidence that this is a face, 0 to 1.
        landmarks: (478, 3) x, y in pixels, z in pixels away from the camera.
        blendshapes: Expression scores 0 to 1 by name.
        pose: Where the head is and how it is turned.
        crop: The square in which the landmarks were found; keep it for further frames of a clip.
    """

    box_px: Float64[np.ndarray, " 4"]
    score: float
    landmarks: Landmarks
    blendshapes: Mapping[str, float]
    pose: Pose
    crop: FaceCrop

    def __post_init__(self) -> None:
        if self.landmarks.shape != (478, 3) or not np.isfinite(self.landmarks).all():
            raise FaceError(
                f"a face needs finite (478, 3) landmarks, got shape {self.landmarks.shape}"
            )

    @property
    def width_px(self) -> float:
        """The width of ``box_px``."""
        return float(self.box_px[2] - self.box_px[0])

    def __repr__(self) -> str:
        left, top, right, bottom = np.rint(self.box_px).astype(int)
        return (
            f"Face(box_px={left},{top}-{right},{bottom}, score={self.score:.2f}, "
            f"yaw={self.pose.yaw_degrees:.0f}, pitch={self.pose.pitch_degrees:.0f}, "
            f"roll={self.pose.roll_degrees:.0f})"
        )


@dataclass(frozen=True, eq=False)
class Portrait:
    """A picture and its face.

    Attributes:
        image: (H, W, 3) or (H, W, 4) uint8.
        face: The face that is moved.
    """

    image: Image
    face: Face

    @classmethod
    def from_image(cls, image: Image, choose: int | Literal["largest"] | None = None) -> Portrait:
        """Find the face in a picture; see `find_face` for the arguments and errors."""
        return cls(image, find_face(image, choose))

    def __repr__(self) -> str:
        height, width = self.image.shape[:2]
        return f"Portrait({width}x{height}, {self.face!r})"


def find_faces(image: Image, landmarker: FaceLandmarker | None = None) -> tuple[Face, ...]:
    """Find every face in a picture.

    Args:
        image: (H, W, 3) or (H, W, 4) uint8; alpha is ignored.
        landmarker: The nets; by default those that all of Mien shares.

    Returns:
        The faces from left to right; users number them from 1.

    Raises:
        FaceError: The array is not a picture.
    """
    landmarker = landmarker or default_landmarker()
    colours = rgb(image)
    faces: list[Face] = []
    for detections in landmarker.detect(colours):
        # One level finer than the first face, so that the smaller of two is not missed.
        is_last_level = bool(faces)
        for detection in detections:
            face = _read_face(landmarker, colours, detection.crop(), detection.score)
            if face is not None and not _is_among(face, faces):
                faces.append(face)
        if is_last_level:
            break
    return tuple(sorted(faces, key=lambda face: face.box_px[0] + face.box_px[2]))


def _is_among(face: Face, faces: list[Face]) -> bool:
    boxes = np.array([other.box_px for other in faces]).reshape(-1, 4)
    return bool((overlap(face.box_px, boxes) > _SAME_FACE_OVERLAP).any())


def _read_face(
    landmarker: FaceLandmarker, image: Image, crop: FaceCrop, detector_score: float
) -> Face | None:
    """Read the landmarks in the crop that fits them best; None if it turns out that there is no face."""
    score = detector_score
    for look in range(_MOST_LOOKS):
        landmarks, presence = landmarker.landmarks_and_presence(image, crop)
        # A face scores well in every look; a fold of cloth does not once the crop moves.
        score = min(score, detector_score * presence)
        if score < _MIN_SCORE:
            return None
        used, crop = crop, crop_around(landmarks)
        if look + 1 >= _FEWEST_LOOKS and crop.is_close_to(used):
            break
    points = landmarks[:VERTEX_COUNT, :2].astype(np.float64)
    return Face(
        box_px=np.concatenate([points.min(axis=0), points.max(axis=0)]),
        score=score,
        landmarks=landmarks,
        blendshapes=landmarker.blendshapes(landmarks),
        pose=fit_pose(landmarks),
        crop=used,
    )


def find_face(
    image: Image,
    choose: int | Literal["largest"] | None = None,
    landmarker: FaceLandmarker | None = None,
) -> Face:
    """Find the one face to use in a picture.

    Args:
        image: (H, W, 3) or (H, W, 4) uint8; alpha is ignored.
        choose: Which of several faces: its number from the left, from 1, or "largest". Faces
            narrower than `MIN_FACE_PX` are ignored and not counted.
        landmarker: The nets; by default those that all of Mien shares.

    Raises:
        NoFaceError: No face was found.
        SeveralFacesError: Several were found and none was chosen.
        UsageError: There is no face of that number.
        ProfileFaceError: The head is turned more than `MAX_YAW_DEGREES` to the side.
        FaceError: Every face is narrower than `MIN_FACE_PX`, or the array is not a picture.
    """
    if choose is not None and choose != "largest" and not _is_number(choose):
        raise UsageError(f'choose a face by its number from 1 or "largest", got {choose!r}')
    faces = find_faces(image, landmarker)
    if not faces:
        bright = float(np.percentile(rgb(image), 99))
        if bright < DARK_LEVEL:
            raise NoFaceError(
                f"found no face: the picture is nearly black, 99 % of it below {bright:.0f} of 255: "
                "use a brighter one"
            )
        raise NoFaceError(
            "found no face in the picture: use an upright one that shows a face from the front, "
            f"at least {MIN_FACE_PX} px wide"
        )
    wide_enough = tuple(face for face in faces if face.width_px >= MIN_FACE_PX)
    if not wide_enough:
        widest = max(face.width_px for face in faces)
        raise FaceError(
            f"the face is {widest:.0f} px wide, expected at least {MIN_FACE_PX}: "
            "use a larger picture"
        )
    face = _choose(wide_enough, choose)
    if abs(face.pose.yaw_degrees) > MAX_YAW_DEGREES:
        raise ProfileFaceError(
            f"the head is turned {abs(face.pose.yaw_degrees):.0f} degrees to the side (yaw), "
            f"expected at most {MAX_YAW_DEGREES:.0f}: use a picture from nearer the front"
        )
    return face


def _is_number(choose: object) -> bool:
    return isinstance(choose, int | np.integer) and not isinstance(choose, bool)


def _choose(faces: tuple[Face, ...], choose: int | Literal["largest"] | None) -> Face:
    if choose == "largest":
        return max(faces, key=lambda face: np.prod(face.box_px[2:] - face.box_px[:2]))
    if choose is None:
        if len(faces) > 1:
            raise SeveralFacesError(
                f"found {len(faces)} faces, expected one: {_listing(faces)}; "
                "choose with --face N or --face largest"
            )
        return faces[0]
    if not 1 <= choose <= len(faces):
        raise UsageError(
            f"there is no face {choose}, expected 1 to {len(faces)}: {_listing(faces)}"
        )
    return faces[choose - 1]


def _listing(faces: tuple[Face, ...]) -> str:
    """List all faces in one line, as ``1 at (12, 30)-(200, 250), 2 at ...``."""
    parts = []
    for number, face in enumerate(faces, start=1):
        left, top, right, bottom = np.rint(face.box_px).astype(int)
        parts.append(f"{number} at ({left}, {top})-({right}, {bottom})")
    return ", ".join(parts)

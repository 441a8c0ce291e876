"""A portrait: a picture and the one face in it that is to move."""

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
"""A head turned further shows too little of one side."""

MIN_FACE_PX = 40
"""A narrower face has too few pixels for a micro-expression to show in."""

_MIN_PRESENCE = 0.5
_SAME_FACE_OVERLAP = 0.3


@dataclass(frozen=True, eq=False)
class Face:
    """A face found in a picture.

    Attributes:
        box_px: (4,) left, top, right, bottom of the landmarks: forehead to chin.
        score: How sure it is that this is a face, 0 to 1.
        landmarks: (478, 3) x, y in pixels, z in pixels away from the camera.
        blendshapes: Expression scores 0 to 1 by name.
        pose: Where the head is and how it is turned.
        crop: The square the landmarks were read in; keep it for further frames of a clip.
    """

    box_px: Float64[np.ndarray, "4"]
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
        """The box's width."""
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
        face: The face that is to move.
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
        image: (H, W, 3) or (H, W, 4) uint8; alpha is not looked at.
        landmarker: The nets; all of Mien shares one by default.

    Returns:
        The faces from left to right; users number them from 1.

    Raises:
        FaceError: The array is no picture.
    """
    landmarker = landmarker or default_landmarker()
    colours = rgb(image)
    faces: list[Face] = []
    for detection in landmarker.detect(colours):
        face = _read_face(landmarker, colours, detection.crop(), detection.score)
        if face is None:
            continue
        boxes = np.array([other.box_px for other in faces]).reshape(-1, 4)
        if not (overlap(face.box_px, boxes) > _SAME_FACE_OVERLAP).any():
            faces.append(face)
    return tuple(sorted(faces, key=lambda face: face.box_px[0] + face.box_px[2]))


def _read_face(
    landmarker: FaceLandmarker, image: Image, crop: FaceCrop, score: float
) -> Face | None:
    """Landmarks in two looks, the second in a crop that fits; None where there is no face after all."""
    for _ in range(2):
        landmarks, presence = landmarker.landmarks_and_presence(image, crop)
        if presence < _MIN_PRESENCE:
            return None
        used, crop = crop, crop_around(landmarks)
    points = landmarks[:VERTEX_COUNT, :2].astype(np.float64)
    return Face(
        box_px=np.concatenate([points.min(axis=0), points.max(axis=0)]),
        score=score * presence,
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
        image: (H, W, 3) or (H, W, 4) uint8; alpha is not looked at.
        choose: Which of several faces: its number from the left, from 1, or "largest".
        landmarker: The nets; all of Mien shares one by default.

    Raises:
        NoFaceError: No face was found.
        SeveralFacesError: Several were found and none was chosen.
        UsageError: There is no face of that number.
        ProfileFaceError: The head is turned more than `MAX_YAW_DEGREES` to the side.
        FaceError: The face is narrower than `MIN_FACE_PX`, or the array is no picture.
    """
    if choose is not None and choose != "largest" and not _is_number(choose):
        raise UsageError(f'choose a face by its number from 1 or "largest", got {choose!r}')
    faces = find_faces(image, landmarker)
    if not faces:
        raise NoFaceError(
            "found no face in the picture: use one that shows a face from the front, "
            f"at least {MIN_FACE_PX} px wide"
        )
    face = _choose(faces, choose)
    if face.width_px < MIN_FACE_PX:
        raise FaceError(
            f"the face is {face.width_px:.0f} px wide, expected at least {MIN_FACE_PX}: "
            "use a larger picture"
        )
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
    """All faces in one line, as ``1 at (12, 30)-(200, 250), 2 at ...``."""
    parts = []
    for number, face in enumerate(faces, start=1):
        left, top, right, bottom = np.rint(face.box_px).astype(int)
        parts.append(f"{number} at ({left}, {top})-({right}, {bottom})")
    return ", ".join(parts)

"""Array aliases with their shapes.

Images are RGB(A), row 0 at the top. Pixel coordinates are (x, y) with the centre of the top-left pixel at (0, 0),
x to the image right, y down. Canonical coordinates are centimetres on MediaPipe's canonical face: x to the image
right (the subject's left), y down, z away from the camera.
"""

from __future__ import annotations

from typing import Literal, TypeAlias

import numpy as np
from jaxtyping import Bool, Float32, Float64, UInt8

RGBImage: TypeAlias = UInt8[np.ndarray, "height width 3"]
"""An RGB image."""

RGBAImage: TypeAlias = UInt8[np.ndarray, "height width 4"]
"""An RGB image with straight (not premultiplied) alpha."""

Image: TypeAlias = RGBImage | RGBAImage
"""An RGB image with or without alpha."""

Mask: TypeAlias = Bool[np.ndarray, "height width"]
"""A mask of an image; True inside."""

Landmarks: TypeAlias = Float32[np.ndarray, "478 3"]
"""MediaPipe's 468 face-mesh vertices and 10 iris points: x, y in pixels, z in pixels away from the camera."""

Vertices3: TypeAlias = Float32[np.ndarray, "468 3"]
"""One 3-D vector for each face-mesh vertex, canonical centimetres."""

Vertices2: TypeAlias = Float32[np.ndarray, "468 2"]
"""One 2-D vector for each face-mesh vertex."""

Displacements: TypeAlias = Float32[np.ndarray, "frames 468 3"]
"""A displacement of each face-mesh vertex in each frame, canonical centimetres."""

Intensities: TypeAlias = Float32[np.ndarray, "frames aus"]
"""AU intensities on the FACS scale, 0 (absent) to 5 (level E)."""

Times: TypeAlias = Float64[np.ndarray, " frames"]
"""Seconds since the start of the clip, strictly increasing."""

Confidences: TypeAlias = Float32[np.ndarray, " frames"]
"""Confidence in [0, 1] for each frame."""

FlowScale: TypeAlias = Literal["full", "fast"]
"""Resolution at which optical flow is computed; see `mien.motion.tracker.FlowSettings`."""

"""Import what workers need once, in the fork server: each worker is a copy of that process."""

from __future__ import annotations

import ai_edge_litert.interpreter  # noqa: F401
import av  # noqa: F401
import cv2  # noqa: F401
import pyarrow.parquet  # noqa: F401
import scipy.fft
import scipy.optimize  # noqa: F401

import mien.engines.rig.engine
import mien.produce.flow_sample
import mien.produce.sample
import mien.produce.worker  # noqa: F401

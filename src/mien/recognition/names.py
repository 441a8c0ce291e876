"""Names of the recognisers; imports nothing heavy, so that ``mien --help`` is quick."""

from __future__ import annotations

from typing import Literal, TypeAlias, get_args

NetName: TypeAlias = Literal["ststnet", "off-apexnet", "sssnet", "resnet18"]
"""A recogniser that is a neural network."""

DetectorName: TypeAlias = Literal["kernel", NetName]
"""A detector of AUs."""

ModelName: TypeAlias = Literal["kernel", NetName, "svm"]
"""Any recogniser."""

NET_NAMES: tuple[NetName, ...] = get_args(NetName)
"""All networks. Only they are trained in epochs and depend on the seed."""

DETECTOR_NAMES: tuple[DetectorName, ...] = get_args(DetectorName)
"""All detectors of AUs."""

MODEL_NAMES: tuple[ModelName, ...] = get_args(ModelName)
"""All recognisers."""

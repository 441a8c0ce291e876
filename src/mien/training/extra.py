"""Check that the packages of the extra ``train`` are installed."""

from __future__ import annotations

import logging
from importlib.util import find_spec

from mien.errors import MissingExtraError
from mien.install import install_command


def need_training() -> None:
    """Check that the extra ``train`` is installed.

    Raises:
        MissingExtraError: One of its packages is missing.
    """
    for package in ("torch", "safetensors", "lightning_fabric", "tensorboard"):
        if find_spec(package) is None:
            raise MissingExtraError(
                f"training needs {package}, which is not installed: {install_command('train')}"
            )
    # Lightning Fabric prints the precision to stderr; the log of the run records it.
    logging.getLogger("lightning_fabric").setLevel(logging.WARNING)

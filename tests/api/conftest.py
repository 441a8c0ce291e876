from __future__ import annotations

from tests.cli.conftest import face_file, small_face

__all__ = ["face_file", "small_face"]

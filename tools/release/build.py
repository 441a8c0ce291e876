"""Build a release into dist/: the source archive, the wheel made from it, and the bill of materials.

Run as ``make release``. Nothing is downloaded: the environment's setuptools builds. The same source files give the same
bytes with the same Python, zlib and setuptools: times, permissions and owners in both archives are constants.
"""

from __future__ import annotations

import gzip
import json
import os
import shutil
import sys
import tarfile
import tempfile
import time
import zipfile
from contextlib import chdir
from email import message_from_bytes
from pathlib import Path

from setuptools import build_meta

from mien.version import __version__

from .lock import LOCK, read_lock
from .sbom import sbom

ROOT = Path(__file__).parents[2]
LEFT_OUT = (".*", "dist", "build", "*.egg-info", "__pycache__", "out", "mutants", "mien-demo")
"""Patterns of files and folders that are not part of the source."""
EARLIEST_IN_ZIP = 315532800
"""1980-01-01, the earliest time that a zip archive can hold, in seconds since 1970."""
DATE_SECONDS = 1577836800
"""The time of every file in both archives, in seconds since 1970: 2020-01-01. SOURCE_DATE_EPOCH replaces it."""


def build(source: Path, out: Path) -> list[Path]:
    """Build a source archive and from it a wheel.

    Args:
        source: The project's folder, which is not changed.
        out: Folder for the files; made if it is missing. Older files of this version are replaced.

    Returns:
        The source archive and the wheel.

    Raises:
        SystemExit: The wheel lacks files of the package.
    """
    out.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as folder:
        copy = Path(folder) / "source"
        leave = shutil.ignore_patterns(*LEFT_OUT)
        shutil.copytree(source, copy, ignore=leave)
        with chdir(copy), _quiet():
            archive = out / build_meta.build_sdist(str(out))
        with tarfile.open(archive) as packed:
            packed.extractall(Path(folder) / "unpacked", filter="data")
        (unpacked,) = (Path(folder) / "unpacked").iterdir()
        with chdir(unpacked), _quiet():
            wheel = out / build_meta.build_wheel(str(out))
    date = int(os.environ.get("SOURCE_DATE_EPOCH", DATE_SECONDS))
    _repack_tar(archive, date)
    _repack_zip(wheel, date)
    missing = _package_files(source / "src" / "mien") - set(zipfile.ZipFile(wheel).namelist())
    if missing:
        raise SystemExit(f"the wheel lacks {len(missing)} files, such as {min(missing)}")
    return [archive, wheel]


def requirements(wheel: Path) -> list[str]:
    """Return the requirements of a wheel."""
    with zipfile.ZipFile(wheel) as packed:
        (name,) = (each for each in packed.namelist() if each.endswith(".dist-info/METADATA"))
        return message_from_bytes(packed.read(name)).get_all("Requires-Dist") or []


def _package_files(package: Path) -> set[str]:
    found = (path for path in package.rglob("*") if path.is_file())
    return {
        f"mien/{path.relative_to(package).as_posix()}"
        for path in found
        if "__pycache__" not in path.parts
    }


def _repack_tar(path: Path, date: int) -> None:
    """Replace the times, permissions and owners in a .tar.gz by constants."""
    new = path.with_suffix(".new")
    with (
        tarfile.open(path) as old,
        new.open("wb") as file,
        gzip.GzipFile("", "wb", fileobj=file, mtime=date) as packed,
        tarfile.open(fileobj=packed, mode="w", format=tarfile.PAX_FORMAT) as out,
    ):
        for each in old.getmembers():
            if not (each.isfile() or each.isdir()):
                raise SystemExit(
                    f"expected files and folders in {path.name}, got the link {each.name}"
                )
            plain = tarfile.TarInfo(each.name)
            plain.type, plain.size, plain.mtime = each.type, each.size, date
            plain.mode = _mode(each.mode, each.isdir())
            out.addfile(plain, old.extractfile(each) if each.isfile() else None)
    new.replace(path)


def _repack_zip(path: Path, date: int) -> None:
    """Replace the times and permissions in a wheel by constants."""
    new = path.with_suffix(".new")
    with zipfile.ZipFile(path) as old, zipfile.ZipFile(new, "w") as out:
        for each in old.infolist():
            plain = zipfile.ZipInfo(each.filename, time.gmtime(max(date, EARLIEST_IN_ZIP))[:6])
            plain.create_system = 3  # Unix, on every system
            plain.external_attr = (0o100000 | _mode(each.external_attr >> 16, False)) << 16
            plain.compress_type = zipfile.ZIP_DEFLATED
            out.writestr(plain, old.read(each))
    new.replace(path)


def _mode(found: int, folder: bool) -> int:
    return 0o755 if folder or found & 0o100 else 0o644


class _quiet:
    """Keep setuptools' hundreds of lines from the terminal."""

    def __enter__(self) -> None:
        sys.stdout.flush()
        self._kept = os.dup(1)
        with Path(os.devnull).open("w") as nothing:
            os.dup2(nothing.fileno(), 1)

    def __exit__(self, *error: object) -> None:
        sys.stdout.flush()
        os.dup2(self._kept, 1)
        os.close(self._kept)


def main() -> None:
    """Build, and print the files that were made."""
    out = ROOT / "dist"
    made = build(ROOT, out)
    materials = out / f"mien-{__version__}.cdx.json"
    locked = read_lock(LOCK.read_text(encoding="utf-8"))
    bill = sbom(__version__, requirements(made[1]), locked, made)
    materials.write_text(json.dumps(bill, indent=1) + "\n", encoding="utf-8")
    for path in [*made, materials]:
        print(path.relative_to(ROOT))


if __name__ == "__main__":
    main()

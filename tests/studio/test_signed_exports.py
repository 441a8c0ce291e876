"""A studio with credentials signs every export whose format can be signed, and says nothing of its files."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from mien.io.credentials import Credentials
from mien.io.sidecar import read_sidecar
from mien.studio.app import create_app
from mien.verify import verify
from tests.certificates import Signer, make_signer
from tests.studio.test_stimuli import sheet_of
from tests.studio.visitor import visitor

pytest.importorskip("c2pa", reason="needs the extra credentials")


@pytest.fixture(scope="module")
def signer(tmp_path_factory: pytest.TempPathFactory) -> Signer:
    return make_signer(tmp_path_factory.mktemp("ca"))


@pytest.fixture
def client(tmp_path: Path, signer: Signer) -> Iterator:
    """A studio that signs; the other fixtures use it too."""
    credentials = Credentials.read(signer.chain, signer.key)
    app = create_app(tmp_path / "studio", credentials=credentials)
    with visitor(app, raise_server_exceptions=False) as made:
        yield made


def test_exports_that_can_be_signed_are(client, design, finish, signer):
    signed_by = Credentials.read(signer.chain, signer.key).fingerprint
    for kind in ("mp4", "gif", "png", "mkv", "csv", "project"):
        asked = {"design": design, "kind": kind, "file_name": kind}
        job = finish(client.post("/api/exports", json=asked))
        assert job["state"] == "done", job
        out = Path(job["result"]["path"])
        if kind in ("csv", "project"):
            assert out.is_file()
            continue
        sidecar = out / "mien.json" if out.is_dir() else out.with_name(f"{out.name}.json")
        signable = kind != "mkv"
        assert read_sidecar(sidecar).signed_by == (signed_by if signable else "")
        assert (verify(out, signer.root).problems == []) == signable
        assert verify(out).problems == []


def test_the_clips_of_a_sheet_are_signed(client, portrait, finish, signer, tmp_path):
    asked = sheet_of(portrait["id"]) | {"format": "gif"}
    job = finish(client.post("/api/stimuli", json=asked))
    assert job["state"] == "done" and job["result"]["made"] == 1, job
    report = verify(job["result"]["folder"], signer.root)
    assert report.problems == [] and len(report.facts["credentials"]) == 1

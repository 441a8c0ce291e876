from __future__ import annotations

import socket
import sys

import pytest

from mien.install import install_command


def test_ports_that_cannot_be(run, tmp_path):
    ran = run("studio", "--port", "70000", "--folder", tmp_path / "s")
    assert ran.code == 2 and "0 to 65535" in ran.err
    pytest.importorskip("fastapi")
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        port = other.getsockname()[1]
        ran = run("studio", "--port", port, "--no-browser", "--folder", tmp_path / "s")
    assert ran.code == 2 and ran.err.count("\n") == 1 and "another" in ran.err


def test_without_the_extra(run, tmp_path, monkeypatch):
    monkeypatch.setitem(sys.modules, "fastapi", None)
    ran = run("studio", "--folder", tmp_path / "s")
    assert ran.code == 2 and install_command("studio") in ran.err
    assert not (tmp_path / "s").exists()


def test_a_folder_that_is_a_file(run, tmp_path):
    pytest.importorskip("fastapi")
    (tmp_path / "s").write_text("x")
    ran = run("studio", "--no-browser", "--port", "0", "--folder", tmp_path / "s")
    assert (ran.code, ran.err.count("\n")) == (2, 1)


def test_credentials_are_read_before_the_studio_opens(run, tmp_path, monkeypatch):
    pytest.importorskip("c2pa", reason="needs the extra credentials")
    from mien.io.credentials import Credentials
    from mien.studio import serve
    from tests.certificates import make_signer

    signer, given = make_signer(tmp_path / "ca"), []
    monkeypatch.setattr(
        serve, "serve", lambda *_, credentials, **__: given.append(credentials) or 0
    )
    words = ("studio", "--no-browser", "--port", 0, "--folder", tmp_path / "s", "--credentials")
    ran = run(*words, signer.chain, tmp_path / "none.pem")
    assert ran.code == 2 and "cannot read" in ran.err and ran.err.count("\n") == 1
    assert not given
    assert run(*words, signer.chain, signer.key).code == 0
    assert given == [Credentials.read(signer.chain, signer.key)]

"""Signed clips, read back."""

from __future__ import annotations

import json
import sys
from dataclasses import replace
from fractions import Fraction
from pathlib import Path

import numpy as np
import pytest

import mien
from mien.au.envelope import Envelope
from mien.cli.main import main
from mien.common.picture import Picture
from mien.generate.clip import make_clip
from mien.generate.options import ClipOptions
from mien.io.clips import open_clip
from mien.io.credentials import Credentials
from mien.io.digital_source import digital_sources_in
from mien.io.sidecar import InputFile, read_sidecar, sidecar_path, sidecar_text
from mien.project.file import write_project
from mien.project.projects import DesignProject
from mien.project.reference import FileReference
from mien.verify import verify
from tests.certificates import Signer, make_signer

pytest.importorskip("c2pa", reason="needs the extra credentials")

URI = "http://cv.iptc.org/newscodes/digitalsourcetype/"
MOVE = ["--au", "AU12=3@0-0.08-0.08-0.16", "--fps", "25"]
OUTPUTS = ("a.mp4", "a.gif", "a")


@pytest.fixture(scope="module")
def signer(tmp_path_factory: pytest.TempPathFactory) -> Signer:
    return make_signer(tmp_path_factory.mktemp("ca"))


def make(portrait: Path, out: Path, *more: str, signer: Signer | None = None) -> Path:
    flag = [] if signer is None else ["--credentials", str(signer.chain), str(signer.key)]
    assert main(["generate", str(portrait), "--out", str(out), *MOVE, *more, *flag]) == 0
    return out


@pytest.mark.parametrize("name", OUTPUTS)
def test_a_signed_clip_says_who_what_and_from_what(face_file, tmp_path, signer, name):
    clip = make(face_file, tmp_path / name, signer=signer)
    report = verify(clip, signer.root)
    assert report.problems == []
    (facts,) = report.facts["credentials"].values()
    assert facts["state"] == "trusted" and facts["signer"] == "Test Lab"
    assert facts["digital_source_types"] == [f"{URI}compositeSynthetic"]
    (parent,) = facts["ingredients"]
    assert (parent["title"], parent["relationship"]) == ("portrait", "parentOf")
    assert parent["id"] == f"sha256:{InputFile.of(face_file).sha256}"
    named = b"".join(path.read_bytes() for path in [clip, *clip.glob("*.png")] if path.is_file())
    assert face_file.name.encode() not in named  # names may be private
    credentials = Credentials.read(signer.chain, signer.key)
    sidecar = clip / "mien.json" if clip.is_dir() else clip.with_name(f"{name}.json")
    assert read_sidecar(sidecar).signed_by == credentials.fingerprint


@pytest.mark.parametrize("name", OUTPUTS)
def test_signing_changes_no_pixel_no_motion_and_no_au(face_file, tmp_path, signer, name):
    bare = make(face_file, tmp_path / "bare" / name)
    signed = make(face_file, tmp_path / name, signer=signer)
    one, other = open_clip(bare), open_clip(signed)
    assert all(np.array_equal(a[1], b[1]) for a, b in zip(one, other, strict=True))
    assert [a for a, _ in one] == [b for b, _ in other]
    first, second = mien.measure(bare), mien.measure(signed)
    assert first.track == second.track and first.track.peak > 1
    assert np.array_equal(first.field.displacement_cm, second.field.displacement_cm)


def test_a_change_after_signing_is_found(face_file, tmp_path, signer, capsys):
    clip = make(face_file, tmp_path / "a.mp4", signer=signer)
    data = bytearray(clip.read_bytes())
    data[len(data) // 2] ^= 1
    clip.write_bytes(data)
    (tmp_path / "a.mp4.json").unlink()  # the credentials alone find it
    report = verify(clip)
    assert any("changed after it was signed" in problem.what for problem in report.problems)
    assert main(["verify", str(clip)]) == 2
    assert "changed after it was signed" in capsys.readouterr().out


def test_credentials_that_were_cut_out_are_missed(face_file, tmp_path, signer):
    clip = make(face_file, tmp_path / "a.gif", signer=signer)
    bare = make(face_file, tmp_path / "bare.gif")
    clip.write_bytes(bare.read_bytes())
    problems = [problem.what for problem in verify(clip).problems]
    assert any("credentials are gone" in what for what in problems)


def test_one_frame_without_credentials_among_signed_ones(face_file, tmp_path, signer):
    folder = make(face_file, tmp_path / "a", signer=signer)
    bare = make(face_file, tmp_path / "bare")
    (folder / "000001.png").write_bytes((bare / "000001.png").read_bytes())
    problems = [str(problem) for problem in verify(folder).problems]
    assert any("000001.png: was signed" in what for what in problems)


def test_who_signed_counts_only_if_asked(face_file, tmp_path, signer, capsys):
    clip = make(face_file, tmp_path / "a.mp4", signer=signer)
    capsys.readouterr()
    assert main(["verify", str(clip)]) == 0
    said = capsys.readouterr().out
    assert "signed by Test Lab, not checked against trusted certificates" in said
    stranger = make_signer(tmp_path / "stranger")
    assert main(["verify", str(clip), "--trusted", str(stranger.root)]) == 2
    assert "no trusted certificate vouches for" in capsys.readouterr().out
    assert main(["verify", str(clip), "--trusted", str(signer.root)]) == 0
    unsigned = make(face_file, tmp_path / "b.mp4")
    assert main(["verify", str(unsigned)]) == 0
    assert main(["verify", str(unsigned), "--trusted", str(signer.root)]) == 2
    assert main(["verify", str(clip), "--trusted", str(tmp_path / "none")]) == 2


def test_a_transfer_has_portrait_and_driver_with_their_own_credentials(face_file, tmp_path, signer):
    """Also what a signed clip says of its origin goes on."""
    driver = make(face_file, tmp_path / "driver.mp4", signer=signer)
    frames = make(face_file, tmp_path / "frames", signer=signer)
    out, portrait = tmp_path / "out.mp4", frames / "000000.png"
    words = ["transfer", str(driver), str(portrait), "--out", str(out)]
    assert main([*words, "--credentials", str(signer.chain), str(signer.key)]) == 0
    report = verify(out, signer.root)
    assert report.problems == []
    (facts,) = report.facts["credentials"].values()
    found = {each["title"]: each for each in facts["ingredients"]}
    assert found["portrait"]["relationship"] == "parentOf"
    assert found["driver"]["relationship"] == "inputTo"
    assert found["driver"]["has_credentials"] and found["portrait"]["has_credentials"]
    inputs = read_sidecar(tmp_path / "out.mp4.json").inputs
    assert [each.sources for each in inputs] == [("compositeSynthetic",)] * 2
    assert digital_sources_in([out]) == ("compositeSynthetic",)


def test_an_array_and_a_driver_that_c2pa_cannot_read(face_file, small_face, tmp_path, signer):
    credentials = Credentials.read(signer.chain, signer.key)
    options = ClipOptions(au="AU12=3@0-0.08-0.08-0.16", fps=25)
    made = make_clip(Picture.of(small_face), tmp_path / "a.gif", options, credentials=credentials)
    assert verify(made.path, signer.root).problems == []
    driver = make(face_file, tmp_path / "driver.mkv")
    out = tmp_path / "out.gif"
    words = ["transfer", str(driver), str(face_file), "--out", str(out)]
    assert main([*words, "--credentials", str(signer.chain), str(signer.key)]) == 0
    (facts,) = verify(out).facts["credentials"].values()
    titles = [each["title"] for each in facts["ingredients"]]
    assert sorted(titles) == ["driver", "portrait"]


def test_a_batch_signs_and_signs_again_what_was_not(face_file, tmp_path, signer, capsys):
    table = tmp_path / "table.csv"
    table.write_text(f"portrait,expression,name\n{face_file},fear,a\n")
    words = ["batch", str(table), "--out", str(tmp_path / "out"), "--fps", "25", "--json"]
    flag = ["--credentials", str(signer.chain), str(signer.key)]
    counts = []
    for more in ([], flag, flag):
        assert main([*words, *more]) == 0
        counts.append(json.loads(capsys.readouterr().out.splitlines()[-1])["made"])
    assert counts == [1, 1, 0]
    assert verify(tmp_path / "out" / "a.mp4", signer.root).problems == []


def test_without_the_extra_the_rest_is_checked(face_file, tmp_path, signer, monkeypatch):
    clip = make(face_file, tmp_path / "a.gif", signer=signer)
    monkeypatch.setitem(sys.modules, "c2pa", None)
    report = verify(clip)
    (facts,) = report.facts["credentials"].values()
    assert report.problems == [] and facts["state"] == "not checked"


@pytest.mark.parametrize("name", OUTPUTS)
def test_another_signer_than_the_sidecar_names_is_found(face_file, tmp_path, signer, name):
    """As if somebody had signed the clip again, and brought the sidecar's hash of the file up to date."""
    clip = make(face_file, tmp_path / name, signer=signer)
    stranger = make_signer(tmp_path / "stranger", person="Somebody else")
    other = make(face_file, tmp_path / "other" / name, signer=stranger)
    sidecar = sidecar_path(f"{other}/" if other.is_dir() else other)
    ours = Credentials.read(signer.chain, signer.key).fingerprint
    theirs = Credentials.read(stranger.chain, stranger.key).fingerprint
    assert verify(clip).problems == verify(other).problems == []
    (facts,) = verify(other).facts["credentials"].values()
    assert facts["certificate_sha256"] == theirs
    sidecar.write_text(sidecar_text(replace(read_sidecar(sidecar), signed_by=ours)))
    problems = [problem.what for problem in verify(other).problems]
    assert len(problems) == (read_sidecar(sidecar).frames if other.is_dir() else 1)
    for what in problems:
        assert "signed with another certificate than its sidecar names" in what
        assert ours[:16] in what and theirs[:16] in what
    # Whom a trusted certificate vouches for does not change who signed.
    assert verify(other, stranger.root).problems


def test_the_certificate_is_that_of_the_clip_and_not_of_its_portrait(face_file, tmp_path, signer):
    portrait = make(face_file, tmp_path / "frames", signer=signer) / "000000.png"
    second = make_signer(tmp_path / "second", "ed25519", person="Second lab")
    clip = make(portrait, tmp_path / "b.mp4", signer=second)
    (facts,) = verify(clip).facts["credentials"].values()
    assert facts["ingredients"][0]["has_credentials"] and facts["signer"] == "Second lab"
    assert facts["certificate_sha256"] == Credentials.read(second.chain, second.key).fingerprint
    assert verify(clip).problems == []


def test_a_rendered_project_is_signed(face_file, tmp_path, signer):
    project = DesignProject(
        engine="rig",
        portrait=FileReference.of(face_file, tmp_path / "p.json"),
        envelopes=(Envelope.parse("AU12=3@0-0.08-0.08-0.16"),),
        duration_seconds=0.16,
        fps=Fraction(25),
    )
    write_project(tmp_path / "p.json", project)
    words = ["render", str(tmp_path / "p.json"), "--out", str(tmp_path / "p.mp4")]
    assert main([*words, "--credentials", str(signer.chain), str(signer.key)]) == 0
    assert verify(tmp_path / "p.mp4", signer.root).problems == []
    mkv = ["render", str(tmp_path / "p.json"), "--out", str(tmp_path / "p.mkv")]
    assert main([*mkv, "--credentials", str(signer.chain), str(signer.key)]) == 2
    assert not (tmp_path / "p.mkv").exists()


def test_a_made_data_set_is_signed(face_file, tmp_path, signer, capsys):
    people = tmp_path / "people"
    people.mkdir()
    (people / "ann.png").write_bytes(face_file.read_bytes())
    words = ["augment", "--portraits", str(people), "--count", "3", "--frames", "two"]
    words += ["--flow", "dis", "--size", "96", "--json"]
    flag = ["--credentials", str(signer.chain), str(signer.key)]
    assert main([*words, "--out", str(tmp_path / "mkv"), *flag]) == 2
    assert "got .mkv" in capsys.readouterr().err and not (tmp_path / "mkv").exists()
    words += ["--out", str(tmp_path / "set"), "--format", "png"]
    made = []
    for more in ([], flag, flag):
        assert main([*words, *more]) == 0
        made.append(json.loads(capsys.readouterr().out.splitlines()[-1])["made"])
    assert made == [3, 3, 0]  # what is not signed is made again
    report = verify(tmp_path / "set", signer.root)
    assert report.problems == [] and len(report.facts["credentials"]) == 3


@pytest.mark.parametrize("given", [1, 0, 3])
def test_one_file_of_two_is_one_clear_line(face_file, tmp_path, signer, capsys, given):
    words = ["generate", str(face_file), "--expression", "fear", "--out", str(tmp_path / "a.mp4")]
    assert main([*words, "--credentials", *["cert.pem"] * given]) == 2
    err = capsys.readouterr().err
    got = ", ".join(["'cert.pem'"] * given) or "none"
    assert f"expected two files after --credentials, a certificate and its key, got {got};" in err
    assert err.count("\n") == 1

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time

import pytest

import mien

MIEN = [sys.executable, "-m", "mien"]
HEAVY = ("numpy", "cv2", "av", "PIL", "jaxtyping", "matplotlib", "scipy", "ai_edge_litert", "rich")


def test_version(run):
    assert run("--version").out == f"mien {mien.__version__}\n"


def test_help_imports_nothing_heavy():
    script = (
        "import sys\nfrom mien.cli.main import main\n"
        "try: main(['--help'])\nexcept SystemExit: pass\n"
        f"print([name for name in {HEAVY} if name in sys.modules])"
    )
    said = subprocess.run(
        [sys.executable, "-c", script], capture_output=True, text=True, check=True
    )
    assert said.stdout.splitlines()[-1] == "[]"
    for command in ("generate", "demo", "sheet", "expressions", "batch"):
        assert command in said.stdout


def test_help_is_quick():
    # Processor time, as other programs share the machine: it reads next to nothing from the disk.
    if any(name.startswith("COVERAGE_PROCESS") for name in os.environ):
        pytest.skip("coverage is measured in the command too, which takes longer")
    resource = pytest.importorskip("resource", reason="Windows does not tell a child's time")
    imports = [sys.executable, "-c", "import numpy, tyro"]

    def seconds_of(command):
        start = resource.getrusage(resource.RUSAGE_CHILDREN)
        subprocess.run(command, capture_output=True, check=True)
        end = resource.getrusage(resource.RUSAGE_CHILDREN)
        return end.ru_utime + end.ru_stime - start.ru_utime - start.ru_stime

    # Machines differ three times in speed, and one machine with its load: so beside the import of two packages.
    found = [(seconds_of([*MIEN, "--help"]), seconds_of(imports)) for _ in range(4)]
    shown, ruler = (min(column) for column in zip(*found, strict=True))
    assert shown < ruler  # 0.2 to 0.5 times


@pytest.mark.parametrize("command", ["generate", "demo", "sheet", "expressions", "batch"])
def test_every_option_has_a_help_text(capsys, command):
    from mien.cli.main import main

    with pytest.raises(SystemExit) as left:
        main([command, "--help"])
    assert left.value.code == 0
    said = capsys.readouterr().out
    assert "MISSING" not in said and "None" not in said
    options = [line for line in said.splitlines() if line.strip("│ ").startswith("--")]
    assert options


def test_exit_code_and_one_line_of_the_process(tmp_path):
    said = subprocess.run(
        [*MIEN, "generate", "nobody.png", "--out", "x.mp4", "--expression", "fear", "--json"],
        capture_output=True,
        text=True,
        cwd=tmp_path,
    )
    assert (said.returncode, said.stdout) == (2, "")
    assert said.stderr == "mien: error: cannot read nobody.png: it does not exist; check the path\n"
    assert list(tmp_path.iterdir()) == []


def test_mien_alone_prints_the_help(run):
    ran = run()
    assert (ran.code, ran.err) == (2, "")
    assert "usage: mien" in ran.out and "mien --version" in " ".join(ran.out.split())


@pytest.mark.parametrize("words", [("genrate",), ("generate",), ("batch", "a.csv")])
def test_usage_errors_are_one_line(run, words):
    ran = run(*words)
    assert (ran.code, ran.out) == (2, "")
    assert ran.err.startswith("mien: error: ") and ran.err.count("\n") == 1
    assert ran.err.rstrip().endswith("--help")


def test_a_reader_that_stops_is_no_error():
    read, write = os.pipe()
    os.close(read)
    said = subprocess.run(
        [*MIEN, "expressions", "--json"],
        stdout=write,
        stderr=subprocess.PIPE,
        text=True,
        check=False,
    )
    os.close(write)
    assert (said.returncode, said.stderr) == (0, "")


def test_unexpected_errors_are_not_swallowed(run, face_file, tmp_path, monkeypatch):
    from mien.engines.rig.engine import RigSession

    def render(self, track):
        raise ZeroDivisionError("a bug")

    monkeypatch.setattr(RigSession, "render", render)
    with pytest.raises(ZeroDivisionError):
        run("generate", face_file, "--out", tmp_path / "x.mp4", "--expression", "fear")
    assert list(tmp_path.iterdir()) == []


@pytest.mark.skipif(os.name != "posix", reason="signals are sent the POSIX way")
def test_ctrl_c_leaves_nothing(face_file, tmp_path):
    options = ("--expression", "fear", "--duration", "200", "--fps", "1000")
    process = subprocess.Popen(
        [*MIEN, "generate", str(face_file), "--out", str(tmp_path / "long.mkv"), *options],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    limit = time.monotonic() + 30
    while not any(path.stat().st_size for path in tmp_path.iterdir()):  # frames are being written
        assert process.poll() is None and time.monotonic() < limit
        time.sleep(0.05)
    process.send_signal(signal.SIGINT)
    out, err = process.communicate(timeout=30)
    assert (process.returncode, out, err) == (130, "", "mien: interrupted\n")
    assert list(tmp_path.iterdir()) == []

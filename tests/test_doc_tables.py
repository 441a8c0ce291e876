"""Tables that tools write into the docs say what the code says."""

from __future__ import annotations

from importlib import import_module
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from mien.rig.basis import load_basis

ROOT = Path(__file__).resolve().parents[1]
RIG_SOURCE = ROOT.parent / "shared" / "data" / "rig_source"


@pytest.fixture
def tool(monkeypatch: pytest.MonkeyPatch):  # type: ignore[no-untyped-def]
    """Import a tool by its name, as when it is run."""
    monkeypatch.syspath_prepend(str(ROOT / "tools"))
    return import_module


def test_rig_page_has_the_recipes_and_the_basis(tool) -> None:  # type: ignore[no-untyped-def]
    rig = tool("make_rig_table")
    written = tool("doc_tables").read_table(rig.PAGE, rig.NAME)
    assert written == rig.rig_table(), "run tools/make_rig_table.py"
    rows = {line.split("`")[1]: line for line in written.splitlines() if line.startswith("| `")}
    assert "browInnerUp 1.2" in rows["AU1"] and "left, right" in rows["AU1"]
    assert "mouthPress_L and _R 0.8, mouthShrugLower 0.1" in rows["AU24"]
    assert "midline" in rows["AU24"]


@pytest.mark.skipif(not RIG_SOURCE.is_dir(), reason="ICT-FaceKit's shapes are not here")
def test_packaged_basis_is_what_the_recipes_give(tool) -> None:  # type: ignore[no-untyped-def]
    names, displacements_cm = tool("build_rig").build(RIG_SOURCE)
    basis = load_basis()
    assert names == basis.names
    np.testing.assert_allclose(basis.displacements_cm, displacements_cm, atol=1e-3)


def test_the_engines_tables_are_what_the_engines_say(tool) -> None:  # type: ignore[no-untyped-def]
    engines = tool("make_engine_tables")
    for name, table in engines.TABLES.items():
        written = tool("doc_tables").read_table(engines.PAGE, name)
        assert written == table(), "run tools/make_engine_tables.py"
    rows = engines.settings_table().splitlines()
    assert (
        "| `--gaze`, `--no-gaze` | mesh |  | Move the irises as the driver's irises move. | off |"
        in rows
    )


def test_benchmark_page_has_every_table(tool) -> None:  # type: ignore[no-untyped-def]
    tables = tool("make_benchmark_tables")
    for name in tables.TABLES:
        page = tables.OTHER_PAGES.get(name, tables.PAGE)
        lines = tool("doc_tables").read_table(page, name).splitlines()
        assert len([line for line in lines if line.startswith("|")]) >= 3, name


def test_results_fill_their_table(tool, tmp_path: Path) -> None:  # type: ignore[no-untyped-def]
    docs, tables = tool("doc_tables"), tool("make_benchmark_tables")
    page = tmp_path / "page.md"
    page.write_text("before\n<!-- table: latency -->\nold\n<!-- end of table -->\nafter\n")
    line = {
        "config": {"command": "mien --help"},
        "median_seconds": 0.125,
        "commit": "abc",
        "device": "a machine",
    }
    docs.write_table(
        page, "latency", tables.TABLES["latency"]([line]) + tables.circumstances([line])
    )
    assert page.read_text() == (
        "before\n<!-- table: latency -->\n"
        "| command | what | s, median |\n| --- | --- | --- |\n"
        "| mien --help | the whole process | 0.12 |\n"
        "\n*commit abc, a machine*\n<!-- end of table -->\nafter\n"
    )
    with pytest.raises(ValueError, match="table: speed"):
        docs.write_table(page, "speed", "")


def test_gallery_shows_the_sheets_that_its_tool_makes(tool) -> None:  # type: ignore[no-untyped-def]
    gallery = tool("make_gallery")
    page = (ROOT / "docs" / "gallery.md").read_text(encoding="utf-8")
    names = {gallery.sheet_name(*clip) for clip in gallery.CLIPS}
    assert {path.name for path in gallery.OUT.glob("sheet_*.png")} == names
    for name in names:
        assert f"(images/{name})" in page
        with Image.open(gallery.OUT / name) as sheet:
            assert sheet.width <= gallery.WIDTH_PX
            assert sheet.text["Comment"].startswith("Synthetic")  # type: ignore[attr-defined]
        assert (gallery.OUT / name).stat().st_size <= gallery.MAX_BYTES


def test_a_small_sheet_keeps_the_colours_that_mean_something(tool) -> None:  # type: ignore[no-untyped-def]
    gallery = tool("make_gallery")
    colours = np.rint(255 * np.random.default_rng(0).random((400, 400, 3))).astype(np.uint8)
    colours[:10], colours[10:12] = 255, (0, 158, 115)  # paper, and a thin line of an AU's colour
    picture = Image.fromarray(colours)
    small = np.asarray(gallery.to_palette(picture, gallery.palette(picture)).convert("RGB"))
    np.testing.assert_array_equal(small[:12], colours[:12])

from __future__ import annotations

from mien.engines.weights import load_weights
from mien.training.core.start_or_resume import train as learn
from mien.training.export import export_run
from mien.training.motion.trainer import MotionTrainer
from tests.training.motion.conftest import CPU, SIZE, moved_faces, recipe_of


def test_an_exported_run_is_read_by_its_engine(tmp_path):
    learn(
        MotionTrainer,
        recipe_of("fomm-ewp"),
        *moved_faces().split(0.25),
        tmp_path / "r",
        options=CPU,
    )
    export_run(tmp_path / "r", tmp_path / "w", trained_on="Waves.")
    read = load_weights(tmp_path / "w", "fomm")
    assert read.config["prior"] == "ewp" and read.config["image_px"] == SIZE
    assert all(tensor.is_floating_point() for tensor in read.tensors.values())
    assert "motion_cosine" in read.card.metrics

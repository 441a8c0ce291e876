from __future__ import annotations

import torch

from mien.engines.motion_net.networks import load_motion_net
from mien.engines.weights import load_weights
from mien.models.fomm import Fomm, Keypoints
from mien.training.core.checkpoint import Checkpoint, save_checkpoint
from mien.training.core.start_or_resume import train as learn
from mien.training.export import export_run
from mien.training.motion.trainer import MotionTrainer
from mien.training.options import TrainOptions
from mien.training.run import resolve_recipe
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


def test_a_fomm_of_the_published_width_is_exported_loaded_and_animates(tmp_path):
    """Its largest tensor alone has 18.9 MB; its numbers are zeros here, which are quick to make."""
    recipe = resolve_recipe("fomm", tmp_path, TrainOptions(recipe="published"), prior="awp")
    with torch.device("meta"):
        shapes = Fomm(recipe.network).state_dict()
    part = MotionTrainer.part
    tensors = {f"{part}.{name}": torch.zeros(each.shape) for name, each in shapes.items()}
    faces = {"kind": "rig", "training": 2, "held_out": 1}
    state = {"step": 1, "recipe": recipe.to_json(), "validation": {}, "faces": faces}
    save_checkpoint(tmp_path / "r", Checkpoint(tensors, state))
    export_run(tmp_path / "r", tmp_path / "w", licence="CC-BY-4.0")
    assert sum(file.stat().st_size for file in (tmp_path / "w").iterdir()) > 119e6
    net = load_motion_net("fomm", tmp_path / "w")
    assert sum(tensor.numel() for tensor in net.state_dict().values()) > 59e6
    image, points = torch.zeros(1, 3, 256, 256), torch.zeros(1, 18, 2)
    with torch.inference_mode():
        jacobians = torch.eye(2).expand(1, 18, 2, 2)
        made = net.animate(net.encode_source(image, points), Keypoints(points + 0.1, jacobians))
    assert made.images.shape == (1, 3, 256, 256) and torch.isfinite(made.images).all()

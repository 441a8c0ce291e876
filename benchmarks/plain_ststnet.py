"""STSTNet made of torch's own layers and trained for one fold, the baseline for training folds together."""

from __future__ import annotations

import numpy as np
import torch
import torch.nn.functional as functional
from torch import Tensor, nn

from mien.au.emotions import CLASS_COUNT
from mien.models.recognisers.flow_kernel import mirrored
from mien.recognition.nets import NetRecipe, net_input


class PlainSTSTNet(nn.Module):
    """The net as its authors wrote it: three streams of 3, 5 and 8 filters."""

    def __init__(self, dropout: float = 0.5) -> None:
        super().__init__()
        self.streams = nn.ModuleList(
            nn.Sequential(
                nn.Conv2d(3, count, 3, padding=2),
                nn.ReLU(),
                nn.BatchNorm2d(count),
                nn.MaxPool2d(3, 3, 1),
                nn.Dropout(dropout),
            )
            for count in (3, 5, 8)
        )
        self.pool = nn.AvgPool2d(2, 2)
        self.last = nn.Linear(16 * 5 * 5, CLASS_COUNT)

    def forward(self, maps: Tensor) -> Tensor:
        """Return (B, 3) logits of (B, 3, 28, 28) maps."""
        joined = torch.cat([stream(maps) for stream in self.streams], 1)
        logits: Tensor = self.last(self.pool(joined).flatten(1))
        return logits


def train_plain(flow: np.ndarray, label: np.ndarray, recipe: NetRecipe, seed: int) -> PlainSTSTNet:
    """Train one fold's net on its own samples by the same recipe."""
    torch.manual_seed(seed)
    net = PlainSTSTNet()
    both = torch.stack([net_input(flow, recipe), net_input(mirrored(flow), recipe)])
    classes = torch.tensor(label)
    weight = len(label) / (CLASS_COUNT * torch.bincount(classes, minlength=CLASS_COUNT))
    optimiser = torch.optim.Adam(net.parameters(), lr=recipe.learning_rate)
    steps = recipe.epochs * -(-len(flow) // recipe.batch_size)
    schedule = torch.optim.lr_scheduler.CosineAnnealingLR(optimiser, steps)
    for _ in range(recipe.epochs):
        order = torch.randperm(len(flow))
        sides = torch.randint(0, 2, (len(flow),))
        for batch in order.split(recipe.batch_size):
            loss = functional.cross_entropy(net(both[sides[batch], batch]), classes[batch], weight)
            optimiser.zero_grad()
            loss.backward()
            optimiser.step()
            schedule.step()
    return net

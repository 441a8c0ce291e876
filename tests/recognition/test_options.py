from __future__ import annotations

import pytest

from mien.errors import UsageError
from mien.recognition.options import RecognitionOptions


@pytest.mark.parametrize(
    ("options", "says"),
    [
        ({"model": "kernel", "leak": True}, "--model ststnet, off-apexnet, sssnet or resnet18"),
        ({"model": "svm", "augment": "rig:90", "use": "finetune"}, "--use mix"),
        ({"train": "generated"}, "--augment"),
        ({"epochs": 3}, "--epochs needs --model ststnet, off-apexnet, sssnet or resnet18"),
        ({"epochs": 0, "model": "ststnet"}, "--epochs of 1 or more"),
        ({"seeds": 0}, "--seeds of 1 or more"),
        ({"seeds": 1.5}, "--seeds as a whole number"),
        ({"model": "resnet"}, "--model kernel, ststnet, off-apexnet, .* or svm, got 'resnet'"),
        ({"train": "nonsense"}, "--train real or generated, got 'nonsense'"),
        ({"use": "nonsense", "augment": "rig:90"}, "--use mix or finetune, got 'nonsense'"),
        ({"augment": "rig:lots"}, "rig:N with N from 30 on"),
    ],
)
def test_options_that_are_wrong_or_do_not_fit(options, says):
    with pytest.raises(UsageError, match=says):
        RecognitionOptions(**options)


def test_generated_maps_come_first_unless_the_model_cannot_be_fine_tuned():
    assert RecognitionOptions(augment="rig:90").used == "finetune"
    assert RecognitionOptions(augment="rig:90", model="svm").used == "mix"

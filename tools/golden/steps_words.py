"""Steps that only print something: help texts and errors."""

from __future__ import annotations

from .step import Step, step

COMMANDS = (
    *("generate", "demo", "sheet", "expressions", "batch", "measure", "transfer", "recode"),
    *("evaluate", "evaluate motion", "evaluate images", "evaluate aus"),
    *("evaluate reconstruction", "evaluate recognition", "evaluate realism"),
    *("train", "train ulme-gan", "train fomm", "train mraa", "train faces", "train export"),
    *("dataset", "augment", "flows", "studio", "render"),
)

MAKE = "generate in/portrait.png --out @/clip.mp4"

ERRORS = {
    "no-arguments": "",
    "unknown-command": "generat in/portrait.png",
    "no-motion": MAKE,
    "two-motions": f"{MAKE} --expression fear --sample fear",
    "unknown-expression": f"{MAKE} --expression glee",
    "unknown-option": f"{MAKE} --expression fear --loud",
    "unknown-au": f"{MAKE} --au AU99=1@0-0.1-0.1-0.2",
    "bad-number": f"{MAKE} --expression fear --lead long",
    "bad-choice": f"{MAKE} --expression fear --side up",
    "too-strong": f"{MAKE} --expression fear --strength 3",
    "no-portrait": "generate in/none.png --expression fear --out @/clip.mp4",
    "no-picture": "generate in/notes.txt --expression fear --out @/clip.mp4",
    "no-face": "generate in/grey.png --expression fear --out @/clip.mp4",
    "several-faces": "generate in/two.png --expression fear --out @/clip.mp4",
    "no-such-face": "generate in/two.png --expression fear --face 3 --out @/clip.mp4",
    "bad-ending": "generate in/portrait.png --expression fear --out @/clip.avi",
    "gif-rate": "generate in/portrait.png --expression fear --fps 30000/1001 --out @/clip.gif",
    "bad-track": f"{MAKE} --aus in/nan.csv",
    "uneven-track": f"{MAKE} --aus in/uneven.csv",
    "no-face-of-table": "generate in/portrait.png --aus in/openface2.csv --fps 25 --out @/c.mp4",
    "measure-no-video": "measure in/notes.txt --out @/aus.csv",
    "measure-one-frame": "measure driver-frown/clip.mkv --end 0.01 --out @/aus.csv",
    "measure-folder-rate": "measure in/people --out @/aus.csv",
    "transfer-recode-mesh": "transfer in/none.mp4 in/portrait.png --recode smooth --out @/c.mp4",
    "transfer-prior-mesh": "transfer in/none.mp4 in/portrait.png --prior awp --out @/c.mp4",
    "recode-portrait": "recode in/track.csv --portrait-au AU4=1 --out @/track.csv",
    "recognition-no-maps": "evaluate recognition --flows in/none.npz",
    "recognition-use": "evaluate recognition --flows in/real.npz --use mix",
    "unknown-subcommand": "evaluate motions",
    "dataset-unknown": "dataset check casme9 in",
    "dataset-no-table": "dataset check casme2 in/people",
    "flows-ending": "flows folder in --out @/flows.csv",
    "augment-drivers": "augment --portraits in/people --out @/set --count 3 --drivers in",
    "augment-count": "augment --portraits in/people --out @/set --count 0",
    "train-recipe": "train ulme-gan --data x --out @/run --recipe theirs",
    "train-set": "train ulme-gan --data x --out @/run --set batchsize=2",
    "train-export": "train export in --out @/weights",
    "weights-of-another": f"{MAKE} --expression fear --engine ulme-gan --weights export-fomm/weights",
    "weights-prior": "transfer driver-frown/clip.mkv in/portrait.png --engine fomm --prior ewp "
    "--weights export-fomm/weights --out @/clip.mkv",
    "flows-composite": "flows megc2019 in/sets --out @/flows.npz",
    "flows-no-frames": "flows casme2 in/sets/casme2 --out @/flows.npz",
    "render-no-project": "render in/track.json --out @/clip.mp4",
    "studio-port": "studio --port 70000",
    "no-option-value": "generate in/portrait.png --out",
}


def word_steps() -> list[Step]:
    """Return the steps."""
    return [
        step("version", "--version"),
        step("help", "--help"),
        *(step(f"help-{words.replace(' ', '-')}", f"{words} --help") for words in COMMANDS),
        *(step(f"error-{name}", line, code=2) for name, line in ERRORS.items()),
    ]

"""`python -m temper_gpu.tiny_world`: makes the world's models, and measures what pipelines do in it."""

import argparse
import json
import sys
import tempfile
import time
from pathlib import Path

from .resolve import MODELS

SHIPPED_WITH = (
    "OMP_NUM_THREADS=1 python -m temper_gpu.tiny_world make gpu-scripts/temper_gpu/tiny_world/shipped S/base S/instruct"
)


def make(arguments: argparse.Namespace) -> None:
    """Trains models one after the other; an instruct model needs its base beside it."""
    from .models import make_model  # loads torch

    for name in arguments.models:
        size, kind = name.split("/")
        started = time.process_time()
        target = arguments.directory / name
        target.mkdir(parents=True, exist_ok=True)
        make_model(size, target, None if kind == "base" else arguments.directory / size / "base")
        print(f"{name}: {target}, {time.process_time() - started:.0f} CPU s", flush=True)


def measure(arguments: argparse.Namespace) -> None:
    """Prints the effects of each experiment as a Markdown table; --json also keeps every score."""
    from .effects import EXPERIMENTS, Effect
    from .effects_table import effects_table
    from .laboratory import Laboratory

    measured: dict[str, list[list[Effect]]] = {name: [] for name in arguments.experiments or EXPERIMENTS}
    for name, worlds in measured.items():
        for world in arguments.worlds:
            with tempfile.TemporaryDirectory(prefix="tiny-effects-") as directory:
                started = time.process_time()
                worlds.append(EXPERIMENTS[name](Laboratory(Path(directory), world), arguments.split))
                print(f"world {world}, {name}: {time.process_time() - started:.0f} CPU s", file=sys.stderr, flush=True)
            if arguments.json:
                write_scores(arguments.json, arguments.split, measured)
        print(f"\n{name}, split {arguments.split}, worlds {arguments.worlds}\n\n{effects_table(worlds)}", flush=True)


def write_scores(file: Path, split: str, measured: dict) -> None:
    """Scores by experiment and pipeline, one for each world in the order of the worlds."""
    rows = {
        name: {effects[0].pipeline: [effect.scores for effect in effects] for effects in zip(*worlds, strict=True)}
        for name, worlds in measured.items()
    }
    file.write_text(json.dumps({"split": split, **rows}, indent=2) + "\n")


def main() -> None:
    """Parses the command line."""
    parser = argparse.ArgumentParser(prog="python -m temper_gpu.tiny_world", description=__doc__)
    commands = parser.add_subparsers(required=True)
    making = commands.add_parser(
        "make",
        help="train models into DIRECTORY/SIZE/KIND",
        description=f"{make.__doc__} The shipped models were made by: {SHIPPED_WITH}",
    )
    making.add_argument("directory", type=Path)
    making.add_argument("models", nargs="+", choices=MODELS, metavar="SIZE/KIND", help=", ".join(MODELS))
    making.set_defaults(run=make)
    measuring = commands.add_parser("effects", help="measure the published effects", description=measure.__doc__)
    measuring.add_argument("--experiments", nargs="+", choices=["three-skills", "tool-use"], help="default: both")
    measuring.add_argument("--worlds", type=int, nargs="+", default=[0, 1, 2, 3, 4], help="2 minutes of one core each")
    measuring.add_argument("--split", default="confirm", choices=["search", "confirm", "final"])
    measuring.add_argument("--json", type=Path, help="also write each world's scores to this file")
    measuring.set_defaults(run=measure)
    arguments = parser.parse_args()
    arguments.run(arguments)


if __name__ == "__main__":
    main()

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
        make_model(size, kind, target, arguments.directory / size / "base")
        print(f"{name}: {target}, {time.process_time() - started:.0f} CPU s", flush=True)


def measure(arguments: argparse.Namespace) -> None:
    """Prints the effects of both experiments as Markdown tables, and writes every score to a JSON file when asked."""
    from .effects import three_skills, tool_use
    from .effects_table import effects_table
    from .laboratory import Laboratory

    experiments = {"three-skills": three_skills, "tool-use": tool_use}
    measured: dict[str, list] = {name: [] for name in experiments}
    for world in range(arguments.worlds):
        for name, run in experiments.items():
            with tempfile.TemporaryDirectory(prefix="tiny-effects-") as directory:
                started = time.process_time()
                measured[name].append(run(Laboratory(Path(directory), world), arguments.split))
                print(f"world {world}, {name}: {time.process_time() - started:.0f} CPU s", file=sys.stderr, flush=True)
    for name, worlds in measured.items():
        print(f"\n{name}, split {arguments.split}, worlds 0 to {arguments.worlds - 1}\n\n{effects_table(worlds)}")
    if arguments.json:
        rows = {
            name: [{effect.pipeline: effect.scores for effect in effects} for effects in worlds]
            for name, worlds in measured.items()
        }
        arguments.json.write_text(json.dumps(rows, indent=2) + "\n")


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
    measuring.add_argument("--worlds", type=int, default=5, help="how many: 0, 1, … (about 2 minutes of one core each)")
    measuring.add_argument("--split", default="confirm", choices=["search", "confirm", "final"])
    measuring.add_argument("--json", type=Path, help="also write each world's scores to this file")
    measuring.set_defaults(run=measure)
    arguments = parser.parse_args()
    arguments.run(arguments)


if __name__ == "__main__":
    main()

"""`python -m temper_gpu.tiny_world make DIR SIZE/KIND …`: how the shipped models were made, and how to make others."""

import argparse
import time
from pathlib import Path

from .resolve import MODELS


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m temper_gpu.tiny_world", description=__doc__)
    commands = parser.add_subparsers(required=True)
    make = commands.add_parser(
        "make",
        help="train models into DIR/SIZE/KIND",
        description="An instruct model starts from the base beside it. The shipped models were made with: "
        "OMP_NUM_THREADS=1 python -m temper_gpu.tiny_world make gpu-scripts/temper_gpu/tiny_world/shipped S/base S/instruct",
    )
    make.add_argument("directory", type=Path)
    make.add_argument("models", nargs="+", choices=MODELS, metavar="SIZE/KIND", help=", ".join(MODELS))
    arguments = parser.parse_args()
    from .models import make_model  # loads torch

    for name in arguments.models:
        size, kind = name.split("/")
        started = time.process_time()
        target = arguments.directory / name
        target.mkdir(parents=True, exist_ok=True)
        make_model(size, kind, target, arguments.directory / size / "base")
        print(f"{name}: {target}, {time.process_time() - started:.0f} CPU s", flush=True)


if __name__ == "__main__":
    main()

"""The same inputs through our scripts and through the field's own tools; prints one JSON object as its last line.

Compared: merged weights with mergekit's command line, outcomes of each item with lm-eval's command line, and the loss
of each step with plain TRL. usage: oracles.py --out DIR [--smoke]
"""

from __future__ import annotations

import argparse
import json
import os
import sys
import time
from pathlib import Path
from typing import Any

from compare_evaluations import compare_evaluations
from compare_losses import compare_losses
from compare_merges import compare_merges
from inputs import make_inputs

WEIGHT_LIMIT = 1e-6
LOSS_LIMIT = 1e-3


def main() -> int:
    """Runs the three comparisons; returns the exit code: 0 when all hold."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--out", type=Path, required=True, help="an empty directory for what is made")
    parser.add_argument("--smoke", action="store_true", help="fewer methods, steps and items")
    arguments = parser.parse_args()
    arguments.out.mkdir(parents=True, exist_ok=True)
    started = time.monotonic()
    say("training three specialists of the tiny world")
    inputs = make_inputs(arguments.out, arguments.smoke)
    say("losses, step by step, against plain TRL")
    losses = compare_losses(inputs, arguments.out, arguments.smoke)
    say("weights against mergekit-yaml")
    merges = compare_merges(inputs, arguments.out, arguments.smoke)
    say("outcomes of each item against lm_eval")
    evaluations = compare_evaluations(inputs, arguments.out, arguments.smoke)
    result: dict[str, Any] = {
        "largest_weight_difference": max(merges.values()),
        "largest_loss_difference": max(entry["largest_difference"] for entry in losses.values()),
        "items_that_differ": sum(entry["items_that_differ"] for entry in evaluations.values()),
        "merges": merges,
        "losses": losses,
        "evaluations": evaluations,
        "seconds": round(time.monotonic() - started, 1),
    }
    result["pass"] = (
        result["largest_weight_difference"] <= WEIGHT_LIMIT
        and result["largest_loss_difference"] <= LOSS_LIMIT
        and result["items_that_differ"] == 0
    )
    print(json.dumps(result))
    return 0 if result["pass"] else 1


def say(text: str) -> None:
    """Progress goes to stderr: stdout ends with the result."""
    print(text, file=sys.stderr, flush=True)


if __name__ == "__main__":
    code = main()
    sys.stdout.flush()
    os._exit(code)

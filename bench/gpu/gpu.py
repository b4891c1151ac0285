"""Our four scripts on one device, and our SFT's speed against plain TRL; prints one JSON object as its last line.

usage: gpu.py --out DIR [--device cuda|cpu] [--smoke]
"""

from __future__ import annotations

import argparse
import json
import os
import sys
import time
from pathlib import Path
from statistics import median
from typing import Any

from measure import peak_memory, tokens_per_second
from plain_trl import plain_trl
from scripts import model, our_evaluate, our_merge, our_preference, our_sft
from workload import GPU_SIZE, SMOKE_SIZE, Workload, make_workload

from temper_gpu.warm_imports import quiet_libraries

# Clocks and caches drift: both sides are measured in turn, this often.
ROUNDS = 3


def main() -> int:
    """Measures and prints; returns the exit code."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--out", type=Path, required=True, help="an empty directory for what is made")
    parser.add_argument("--device", choices=["cuda", "cpu"], default="cuda")
    parser.add_argument("--smoke", action="store_true", help="a tiny model and few steps")
    arguments = parser.parse_args()
    arguments.out.mkdir(parents=True, exist_ok=True)
    quiet_libraries()
    started = time.monotonic()
    workload = make_workload(arguments.out, SMOKE_SIZE if arguments.smoke else GPU_SIZE, arguments.device)
    scripts: dict[str, dict[str, Any]] = {}
    speeds = {
        name: compare_speed(workload, lora, arguments.out, 1 if arguments.smoke else ROUNDS, scripts)
        for name, lora in (("full", False), ("lora", True))
    }
    run_the_rest(workload, arguments.out, scripts)
    result = {
        "device": device_name(arguments.device),
        "ratio": min(speed["ratio"] for speed in speeds.values()),
        "sft": speeds,
        "scripts": scripts,
        "seconds": round(time.monotonic() - started, 1),
    }
    print(json.dumps(result))
    return 0


def compare_speed(
    workload: Workload, lora: bool, out: Path, rounds: int, scripts: dict[str, dict[str, Any]]
) -> dict[str, Any]:
    """Tokens a second of both sides, measured in turn; the median counts."""
    kind = "lora" if lora else "full"
    ours, theirs, peaks = [], [], {"ours": 0.0, "plain_trl": 0.0}
    for number in range(rounds):
        say(f"SFT ({kind}), round {number + 1} of {rounds}")
        target = out / f"sft-{kind}-{number}" / "output"
        ends, seconds, mib = peak_memory(workload.device, lambda path=target: our_sft(workload, lora, path))
        ours.append(tokens_per_second(ends, workload.size.warm_up, workload.tokens_per_step))
        peaks["ours"] = max(peaks["ours"], mib)
        scripts[f"sft {kind}"] = {"seconds": round(seconds, 1), "peak_memory_mib": round(mib)}
        ends, _, mib = peak_memory(workload.device, lambda: plain_trl(workload, lora, out / "trl"))
        theirs.append(tokens_per_second(ends, workload.size.warm_up, workload.tokens_per_step))
        peaks["plain_trl"] = max(peaks["plain_trl"], mib)
    return {
        "tokens_per_second": {"ours": round(median(ours)), "plain_trl": round(median(theirs))},
        "ratio": median(ours) / median(theirs),
        "peak_memory_mib": {name: round(mib) for name, mib in peaks.items()},
    }


def run_the_rest(workload: Workload, out: Path, scripts: dict[str, dict[str, Any]]) -> None:
    """Preference learning, a merge of the two fine-tuned models, and the merged model's evaluation."""
    full, lora = out / "sft-full-0" / "output", out / "sft-lora-0" / "output"
    merged = out / "merge" / "output"
    parents = [model(full), model(workload.model, (lora,))]
    steps = {
        "preference": lambda: our_preference(workload, out / "preference" / "output"),
        "merge": lambda: our_merge(workload, parents, merged),
        "evaluate": lambda: our_evaluate(workload, merged, out / "evaluate" / "output"),
    }
    for name, work in steps.items():
        say(name)
        _, seconds, mib = peak_memory(workload.device, work)
        scripts[name] = {"seconds": round(seconds, 1), "peak_memory_mib": round(mib)}


def device_name(device: str) -> str:
    """What the device calls itself."""
    import torch

    return torch.cuda.get_device_name(0) if device == "cuda" else "cpu"


def say(text: str) -> None:
    """Progress goes to stderr: stdout ends with the result."""
    print(text, file=sys.stderr, flush=True)


if __name__ == "__main__":
    code = main()
    sys.stdout.flush()
    os._exit(code)

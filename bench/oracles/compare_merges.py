"""Our merges against ``mergekit-yaml`` on configurations written by hand."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path
from typing import Any

from inputs import Inputs, envelope, model

from temper_gpu import merge
from temper_gpu.contract import Report

WEIGHTS = [1.0, 0.5, 1.5]
DENSITY, LAMBDA, T, SEED = 0.5, 0.8, 0.3, 7


def configuration(method: str, inputs: Inputs) -> str:
    """A merge as a person writes it for mergekit."""
    parents = list(inputs.specialists.values())
    if method == "slerp":
        return (
            f"merge_method: slerp\nbase_model: {parents[0]}\nmodels:\n  - model: {parents[0]}\n"
            f"  - model: {parents[1]}\nparameters:\n  t: {T}\ndtype: float32\n"
        )
    lines = [f"merge_method: {method}", "dtype: float32", "models:"]
    for parent, weight in zip(parents, WEIGHTS, strict=True):
        lines += [f"  - model: {parent}", "    parameters:", f"      weight: {weight}"]
        lines += [f"      density: {DENSITY}"] if "ties" in method else []
    if method != "linear":
        lines += [f"base_model: {inputs.base}", "parameters:", f"  lambda: {LAMBDA}"]
    return "\n".join(lines) + "\n"


def our_merge(method: str, inputs: Inputs, output: Path) -> Path:
    """The same through our script."""
    parents = [model(path) for path in inputs.specialists.values()]
    has_base = method in merge.TASK_VECTOR_METHODS
    parents = parents[:2] if method == "slerp" else parents
    settings: dict[str, Any] = {
        "merge_method": method,
        "weights": WEIGHTS[: len(parents)],
        "density": DENSITY if "ties" in method else None,
        "lambda": LAMBDA if has_base else None,
        "t": T if method == "slerp" else None,
        "dtype": None,
    }
    documents = {"models": parents, "base_model": model(inputs.base) if has_base else None}
    output.mkdir(parents=True)
    merge.run(envelope(output, documents, settings, SEED), Report())
    return output


def compare_merges(inputs: Inputs, out: Path, smoke: bool) -> dict[str, float]:
    """Largest difference of a weight, by method."""
    methods = ("ties",) if smoke else ("linear", "task_arithmetic", "ties", "dare_ties", "slerp")
    differences = {}
    for method in methods:
        ours = our_merge(method, inputs, out / "merges" / method / "output")
        file, theirs = out / "merges" / f"{method}.yaml", out / "merges" / method / "mergekit"
        file.write_text(configuration(method, inputs))
        # What `mergekit-yaml` starts, also where the virtual environment was moved and its scripts no longer start.
        command = [sys.executable, "-m", "mergekit.scripts.run_yaml", str(file), str(theirs)]
        subprocess.run(
            [*command, "--random-seed", str(SEED), "--no-copy-tokenizer", "--quiet"], check=True, stdout=sys.stderr
        )
        differences[method] = largest_difference(ours, theirs)
    return differences


def largest_difference(a: Path, b: Path) -> float:
    """Largest absolute difference of any weight; other tensors than the same ones are an error."""
    from safetensors.torch import load_file

    first, second = load_file(a / "model.safetensors"), load_file(next(iter(b.glob("*.safetensors"))))
    if first.keys() != second.keys():
        raise RuntimeError(f"other tensors: {sorted(first.keys() ^ second.keys())[:3]}")
    return max((first[name] - second[name]).abs().max().item() for name in first)

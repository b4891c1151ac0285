"""Merging through mergekit's API: ``linear``, ``task_arithmetic``, ``ties``, ``dare_ties`` and ``slerp``."""

from __future__ import annotations

import json
import math
import shutil
from pathlib import Path
from typing import Any

from temper_gpu.contract import Report, ScriptFailure
from temper_gpu.model_files import (
    architecture_of,
    parameter_count,
    read_config,
    read_tensors_info,
    stored_dtype,
    vocabulary_hash,
)
from temper_gpu.models import check_model, keep_parent_files, materialise, published_hash
from temper_gpu.warm_imports import quiet_libraries
from temper_gpu.weight_change import stored_change

TASK_VECTOR_METHODS = ("task_arithmetic", "ties", "dare_ties")


def run(request: dict[str, Any], report: Report) -> dict[str, Any]:
    """Merges the request's models; publishes in ``output_dir`` and returns the result's metrics."""
    quiet_libraries()
    inputs, settings = request["inputs"], request["settings"]
    references = inputs["models"] + ([inputs["base_model"]] if inputs["base_model"] else [])
    for reference in references:
        check_model(reference)
    _require_base(inputs, settings)
    require_compatible(references)

    import torch

    from temper_gpu.training import scratch_directory, use_device

    use_device(request["device"])
    work = scratch_directory(request, report) / "full-weights"
    total = len(references) + 1
    directories = []
    for done, reference in enumerate(references):
        # Rounded to bf16, six in ten entries of a short training's change would be zero before they are compared.
        directories.append(materialise(reference, work, torch.float32))
        report.progress(done + 1, total, "tensors")
    output = Path(request["output_dir"])
    stored = stored_dtype(Path(inputs["models"][0]["path"]))
    configuration = mergekit_configuration(settings, directories, stored, has_base=inputs["base_model"] is not None)
    _merge(configuration, output, request)
    _finish_output(output, inputs["models"][0], directories[0], configuration["out_dtype"])
    change = stored_change(directories[0], output)
    shutil.rmtree(work, ignore_errors=True)
    report.progress(total, total, "tensors")
    report.settings({**settings, "dtype": configuration["dtype"], "out_dtype": configuration["out_dtype"]})
    if not math.isfinite(change):
        raise ScriptFailure("diverged", "The merged weights hold NaN or infinity: one of the parents is broken.")
    return {
        "steps": 0,
        "tokens": 0,
        "train_loss_first": None,
        "train_loss_last": None,
        "weight_change": change,
        "parameters": parameter_count(output),
        "trainable_parameters": 0,
        "form": "full",
        "model_hash": published_hash(output),
    }


def _require_base(inputs: dict[str, Any], settings: dict[str, Any]) -> None:
    method, count = settings["merge_method"], len(inputs["models"])
    if method in TASK_VECTOR_METHODS and inputs["base_model"] is None:
        raise ScriptFailure(
            "incompatible_models", f"{method} needs the base that all parents come from, and none was given."
        )
    if method == "slerp" and count != 2:
        raise ScriptFailure("incompatible_models", f"slerp merges exactly 2 models, and {count} were given.")
    places = [(reference["path"], *reference["adapters"]) for reference in inputs["models"]]
    if len(set(places)) < len(places):
        raise ScriptFailure(
            "incompatible_models", "The same model stands twice among the parents. Name each parent once."
        )


def require_compatible(references: list[dict[str, Any]]) -> None:
    """Raises ScriptFailure(incompatible_models) unless architecture, tensor shapes and vocabulary are the same."""
    first = references[0]
    for other in references[1:]:
        names = f"{first['key']} + {other['key']}"
        a, b = (read_config(Path(reference["path"])) for reference in (first, other))
        if architecture_of(a) != architecture_of(b):
            detail = f"{names}: different architectures ({architecture_of(a)} and {architecture_of(b)}). Leave one out."
            raise ScriptFailure("incompatible_models", detail)
        if vocabulary_hash(Path(first["path"])) != vocabulary_hash(Path(other["path"])):
            sizes = [config.get("vocab_size", 0) for config in (a, b)]
            told = f"{sizes[0]:,} and {sizes[1]:,} tokens"
            if sizes[0] == sizes[1]:
                told = f"{sizes[0]:,} tokens each, but with other meanings"
            detail = f"{names}: different tokenizers ({told}). Merging needs one vocabulary; leave one out."
            raise ScriptFailure("incompatible_models", detail)
        shapes_a, shapes_b = (
            {name: info.shape for name, info in read_tensors_info(Path(reference["path"])).items()}
            for reference in (first, other)
        )
        odd = sorted(name for name in shapes_a | shapes_b if shapes_a.get(name) != shapes_b.get(name))
        if odd:
            detail = (
                f"{names}: {len(odd)} tensors differ in shape, such as {odd[0]} "
                f"({shapes_a.get(odd[0])} and {shapes_b.get(odd[0])}). Leave one out."
            )
            raise ScriptFailure("incompatible_models", detail)


def mergekit_configuration(
    settings: dict[str, Any], directories: list[Path], stored: str, has_base: bool
) -> dict[str, Any]:
    """The merge in mergekit's own words; the last directory is the base when there is one.

    ``stored`` is the type that the result is stored in, unless the settings name another.
    """
    method = settings["merge_method"]
    parents = directories[:-1] if has_base else directories
    weights = settings["weights"] or [1.0] * len(parents)
    if method != "slerp" and len(weights) != len(parents):
        raise ScriptFailure("incompatible_models", f"{len(weights)} weights were given for {len(parents)} models.")
    configuration: dict[str, Any] = {
        "merge_method": method,
        # Arithmetic in fp32 whatever the parents are stored in: differences of bf16 numbers lose half of their digits.
        "dtype": settings["dtype"] or "float32",
        "out_dtype": settings["dtype"] or stored,
    }
    if method == "slerp":
        configuration["models"] = [{"model": str(parent)} for parent in parents]
        configuration["base_model"] = str(parents[0])
        configuration["parameters"] = {"t": 0.5 if settings["t"] is None else settings["t"]}
        return configuration
    models = []
    for parent, weight in zip(parents, weights, strict=True):
        parameters: dict[str, float] = {"weight": weight}
        if method in ("ties", "dare_ties") and settings["density"] is not None:
            parameters["density"] = settings["density"]
        models.append({"model": str(parent), "parameters": parameters})
    configuration["models"] = models
    if method in TASK_VECTOR_METHODS:
        configuration["base_model"] = str(directories[-1])
        if settings["lambda"] is not None:
            configuration["parameters"] = {"lambda": settings["lambda"]}
    return configuration


def _merge(configuration: dict[str, Any], output: Path, request: dict[str, Any]) -> None:
    from mergekit.config import MergeConfiguration
    from mergekit.merge import MergeOptions, run_merge
    from transformers import set_seed

    set_seed(request["seed"])
    options = MergeOptions(
        quiet=True,
        copy_tokenizer=False,
        write_model_card=False,
        trust_remote_code=False,
        random_seed=request["seed"],
        cuda=request["device"]["kind"] == "cuda",
        num_threads=None,
    )
    run_merge(MergeConfiguration.model_validate(configuration), str(output), options)


def _finish_output(output: Path, parent: dict[str, Any], directory: Path, dtype: str) -> None:
    """Config and tokenizer of the first parent.

    mergekit takes the config of whichever model comes first in a set, whose order changes from process to process.
    """
    config = read_config(directory)
    config.pop("torch_dtype", None)
    config["dtype"] = dtype
    (output / "config.json").write_text(json.dumps(config, indent=2, sort_keys=True) + "\n")
    (output / "mergekit_config.yml").unlink(missing_ok=True)
    (output / "README.md").unlink(missing_ok=True)
    keep_parent_files(parent, output)

"""Registers models: finds the directory, refuses what is unsafe or incomplete, and says what the model is."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from temper_gpu import tiny_world
from temper_gpu.contract import ScriptFailure
from temper_gpu.data.problems import ObjectProblem
from temper_gpu.model_files import (
    architecture_of,
    compatibility_of,
    content_key,
    is_adapter,
    parameter_count,
    read_config,
    weight_files,
)
from temper_gpu.models import materialise

# Everything that a text model needs; pickles and code stay on the hub.
_HUB_PATTERNS = ["*.safetensors", "*.json", "*.jinja", "*.txt", "tokenizer.model", "LICENSE*"]


def register_model(entry: dict[str, Any], cache: Path, offline: bool) -> dict[str, Any]:
    """One model of the reply. Raises ObjectProblem or ScriptFailure, both with the remedy."""
    directory, revision = find_model(entry["source"], cache, offline)
    weight_files(directory)
    if is_adapter(directory):
        directory = _join_adapter(directory, cache, offline)
    config = read_config(directory)
    _require_tokenizer(directory)
    return {
        "id": entry["id"],
        "key": content_key(directory),
        "path": str(directory),
        "architecture": architecture_of(config),
        "compatibility": compatibility_of(directory),
        "parameters": parameter_count(directory),
        "form": "full",
        "revision": revision,
    }


def find_model(source: dict[str, Any], cache: Path, offline: bool) -> tuple[Path, str | None]:
    """(directory, hub commit or None) of a directory, a hub id or a tiny-world address."""
    path = source["path"]
    if path.startswith(tiny_world.PREFIX):
        try:
            return Path(tiny_world.resolve_model(path, cache)), None
        except tiny_world.TinyWorldError as error:
            raise ObjectProblem(str(error)) from error
    directory = Path(path).expanduser()
    if directory.is_dir():
        return directory.resolve(), None
    if directory.exists():
        raise ObjectProblem(f"{path} is a file. Give a model's directory.")
    if path.count("/") != 1 or path.startswith((".", "/", "~")):
        raise ObjectProblem(f"{path} does not exist.")
    if offline:
        raise ObjectProblem(
            f"{path} is not a directory here, and hub ids need the network: run temper fetch, or give a directory."
        )
    return _fetch(path, source["revision"])


def _fetch(name: str, revision: str | None) -> tuple[Path, str]:
    from huggingface_hub import HfApi, snapshot_download

    try:
        commit = HfApi().model_info(name, revision=revision).sha
        return Path(snapshot_download(name, revision=commit, allow_patterns=_HUB_PATTERNS)), str(commit)
    except Exception as error:
        text = str(error).strip().splitlines()[0][:300] if str(error).strip() else type(error).__name__
        raise ObjectProblem(f"{name} could not be fetched from the hub: {text}") from error


def _join_adapter(adapter: Path, cache: Path, offline: bool) -> Path:
    """A LoRA adapter with its base as full weights in the cache: a run's base has no parent to stand on."""
    config = json.loads((adapter / "adapter_config.json").read_text())
    base = config.get("base_model_name_or_path") or ""
    beside = adapter / base
    source = {"path": str(beside) if base and beside.is_dir() else base, "revision": config.get("revision")}
    try:
        directory, _ = find_model(source, cache, offline)
    except ObjectProblem as error:
        raise ObjectProblem(
            f'{adapter} is a LoRA adapter on "{base}", which is needed too: {error} Set base_model_name_or_path in its '
            "adapter_config.json to the base's directory."
        ) from error
    reference = {"key": content_key(adapter), "path": str(directory), "adapters": [str(adapter)]}
    return materialise(reference, cache / "models")


def _require_tokenizer(directory: Path) -> None:
    known = ("tokenizer.json", "tokenizer.model", "vocab.json", "vocab.txt")
    if not any((directory / name).is_file() for name in known):
        raise ScriptFailure(
            "bad_model", f"{directory} has no tokenizer (tokenizer.json). Put the model's tokenizer files there."
        )

"""What a model directory holds, seen without loading the model: files, shapes, hashes, and what is refused."""

from __future__ import annotations

import hashlib
import json
import struct
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from temper_gpu.contract import ScriptFailure, sha256_file

PICKLE_SUFFIXES = (".bin", ".pt", ".pth", ".pkl", ".ckpt")
# Copied from parent to child as they are: loading and saving a tokenizer can change its bytes.
TOKENIZER_FILES = (
    "tokenizer.json",
    "tokenizer_config.json",
    "tokenizer.model",
    "special_tokens_map.json",
    "added_tokens.json",
    "vocab.json",
    "vocab.txt",
    "merges.txt",
    "chat_template.jinja",
    "chat_template.json",
)


@dataclass(frozen=True)
class TensorInfo:
    """Shape and type of one stored tensor, from a safetensors header."""

    shape: tuple[int, ...]
    dtype: str

    @property
    def elements(self) -> int:
        count = 1
        for size in self.shape:
            count *= size
        return count


def weight_files(directory: Path) -> list[Path]:
    """The safetensors files of a model or adapter directory; none is ScriptFailure(bad_model) with the remedy."""
    if not directory.is_dir():
        raise ScriptFailure("bad_model", f"{directory} is not a directory. Give a directory in Hugging Face layout.")
    files = sorted(directory.glob("*.safetensors"))
    if files:
        return files
    pickles = sorted(file.name for file in directory.iterdir() if file.suffix in PICKLE_SUFFIXES)
    if pickles:
        raise ScriptFailure(
            "bad_model",
            f"{directory} holds its weights as a pickle ({', '.join(pickles[:3])}), which can run code when loaded. "
            "Convert it once in a place you trust, with "
            "AutoModelForCausalLM.from_pretrained(...).save_pretrained(..., safe_serialization=True).",
        )
    raise ScriptFailure(
        "bad_model", f"{directory} has no .safetensors file. A model directory needs config.json and model.safetensors."
    )


def read_header(file: Path) -> dict[str, TensorInfo]:
    """Tensor names, shapes and types of one safetensors file; reads the header only."""
    try:
        with file.open("rb") as stream:
            (length,) = struct.unpack("<Q", stream.read(8))
            if length > 100_000_000:
                raise ValueError("header too long")
            header = json.loads(stream.read(length))
    except (OSError, ValueError, struct.error) as error:
        if isinstance(error, PermissionError):
            raise
        raise ScriptFailure(
            "bad_model", f"{file} is not a whole safetensors file ({error}). Fetch it again."
        ) from error
    header.pop("__metadata__", None)
    tensors = {name: TensorInfo(tuple(entry["shape"]), entry["dtype"]) for name, entry in header.items()}
    ends = [entry["data_offsets"][1] for entry in header.values()]
    if ends and file.stat().st_size < 8 + length + max(ends):
        raise ScriptFailure(
            "bad_model", f"{file} is cut short: its header names more bytes than it has. Fetch it again."
        )
    return tensors


def read_tensors_info(directory: Path) -> dict[str, TensorInfo]:
    """Tensor names, shapes and types over all weight files of a directory."""
    merged: dict[str, TensorInfo] = {}
    for file in weight_files(directory):
        merged.update(read_header(file))
    return merged


def is_adapter(directory: Path) -> bool:
    """Whether a directory is a PEFT adapter instead of full weights."""
    return (directory / "adapter_config.json").is_file()


def read_config(directory: Path) -> dict[str, Any]:
    """The model's ``config.json``; refuses one that is missing, malformed or asks for code of its own."""
    file = directory / "config.json"
    if not file.is_file():
        raise ScriptFailure("bad_model", f"{directory} has no config.json. Give a directory in Hugging Face layout.")
    try:
        config = json.loads(file.read_text())
    except ValueError as error:
        raise ScriptFailure("bad_model", f"{file} is not JSON: {error}.") from error
    if "auto_map" in config:
        raise ScriptFailure(
            "bad_model",
            f"{directory} needs code of its own to load (auto_map in config.json); running model code is switched off. "
            "Use a model whose architecture transformers knows.",
        )
    return config


def architecture_of(config: dict[str, Any]) -> str:
    """`LlamaForCausalLM` from a config."""
    names = config.get("architectures") or [config.get("model_type", "unknown")]
    return str(names[0])


def vocabulary_hash(directory: Path) -> str:
    """Hash of what the tokenizer's ids mean, whatever its files look like; empty when there is no tokenizer."""
    file = directory / "tokenizer.json"
    if file.is_file():
        model = json.loads(file.read_text()).get("model", {})
        vocabulary = model.get("vocab", {})
        pairs = sorted(vocabulary.items()) if isinstance(vocabulary, dict) else vocabulary
        return hashlib.sha256(json.dumps(pairs, ensure_ascii=False).encode()).hexdigest()
    parts = [sha256_file(directory / name) for name in TOKENIZER_FILES if (directory / name).is_file()]
    return hashlib.sha256("".join(parts).encode()).hexdigest() if parts else ""


def compatibility_of(directory: Path) -> str:
    """Equal for models that can be merged: hash of architecture, tensor names and shapes, and vocabulary."""
    shapes = sorted((name, list(info.shape)) for name, info in read_tensors_info(directory).items())
    parts = [architecture_of(read_config(directory)), shapes, vocabulary_hash(directory)]
    return hashlib.sha256(json.dumps(parts).encode()).hexdigest()[:40]


def content_key(directory: Path) -> str:
    """Content hash of a model: config, tokenizer and weights, whatever else lies beside them."""
    names = {"config.json", "adapter_config.json", "generation_config.json", *TOKENIZER_FILES}
    files = [file for file in sorted(directory.iterdir()) if file.name in names or file.suffix == ".safetensors"]
    listing = [[file.name, sha256_file(file)] for file in files]
    return hashlib.sha256(json.dumps(listing).encode()).hexdigest()[:40]


def parameter_count(directory: Path) -> int:
    """Stored parameters; tied weights are stored and counted once."""
    return sum(info.elements for info in read_tensors_info(directory).values())


def stored_dtype(directory: Path) -> str:
    """torch's name of the type that most parameters are stored in, such as ``bfloat16``."""
    sizes: dict[str, int] = {}
    for info in read_tensors_info(directory).values():
        sizes[info.dtype] = sizes.get(info.dtype, 0) + info.elements
    most = max(sizes, key=lambda name: sizes[name])
    return {"BF16": "bfloat16", "F16": "float16", "F64": "float64"}.get(most, "float32")

"""Loading models with their adapters, and publishing what was made.

Models and tokenizers are typed ``Any``: transformers' own types are wider than what its loaders return.
"""

from __future__ import annotations

import json
import shutil
from pathlib import Path
from typing import TYPE_CHECKING, Any

from temper_gpu.contract import ScriptFailure, model_hash, read_json, sha256_file
from temper_gpu.model_files import TOKENIZER_FILES, is_adapter, read_config, weight_files
from temper_gpu.publish import CARD

if TYPE_CHECKING:
    import torch

# A child keeps these of its first parent, byte by byte.
_KEPT_FILES = (*TOKENIZER_FILES, "generation_config.json", "LICENSE", "LICENSE.txt")


def check_model(reference: dict[str, Any]) -> None:
    """Refuses pickles, foreign code and missing files before anything heavy happens."""
    directory = Path(reference["path"])
    if directory.is_dir() and is_adapter(directory) and not (directory / "config.json").is_file():
        raise ScriptFailure("bad_model", f"{directory} is a LoRA adapter. Name its base as the model's path.")
    weight_files(directory)
    read_config(directory)
    check_published(directory)
    for adapter in reference["adapters"]:
        check_published(Path(adapter))
        weight_files(Path(adapter))
        if not is_adapter(Path(adapter)):
            raise ScriptFailure("bad_model", f"{adapter} has no adapter_config.json, so it is not a LoRA adapter.")


def check_published(directory: Path) -> None:
    """Compares the files of a model that Temper made with the checksums that it was published with.

    One that was changed, cut short or spoilt on the way is refused: what came of it would be no result of its recipe.
    """
    card = directory / CARD
    if not card.is_file():
        return
    for artifact in read_json(card)["reply"].get("artifacts", []):
        file = directory / artifact["path"]
        if not file.is_file():
            raise ScriptFailure("bad_model", f"{file} is not there: its model was removed. Use: temper remake.")
        if file.stat().st_size != artifact["bytes"] or sha256_file(file) != artifact["sha256"]:
            raise ScriptFailure(
                "bad_model",
                f"{file} is not what was published: its checksum differs. Remove that file, then: temper remake.",
            )


def load_tokenizer(reference: dict[str, Any]) -> Any:
    """The base's tokenizer, with a pad token."""
    from transformers import AutoTokenizer

    try:
        tokenizer = AutoTokenizer.from_pretrained(reference["path"], local_files_only=True)
    except (OSError, ValueError, KeyError) as error:
        if isinstance(error, PermissionError):
            raise
        detail = f"{reference['path']} has no tokenizer that transformers can load: {str(error).splitlines()[0][:200]}"
        raise ScriptFailure("bad_model", detail) from error
    if tokenizer.eos_token is None:
        raise ScriptFailure("bad_model", f"The tokenizer of {reference['path']} names no end-of-sequence token.")
    if tokenizer.pad_token is None:
        tokenizer.pad_token = tokenizer.eos_token
    return tokenizer


def load_model(reference: dict[str, Any], dtype: torch.dtype | str = "auto") -> Any:
    """Loads the base and merges each adapter onto it in memory, the outermost last. Stays on the CPU.

    ``dtype`` is torch's, or its name; "auto" is that of the base as stored.
    """
    from transformers import AutoModelForCausalLM

    check_model(reference)
    try:
        model = AutoModelForCausalLM.from_pretrained(
            reference["path"], dtype=dtype, local_files_only=True, use_safetensors=True
        )
    except (ValueError, KeyError) as error:
        detail = f"{reference['path']} cannot be loaded as a causal language model: {str(error).splitlines()[0][:300]}"
        raise ScriptFailure("bad_model", detail) from error
    for adapter in reference["adapters"]:
        model = merge_adapter(model, adapter)
    return model


def merge_adapter(model: Any, adapter: str) -> Any:
    """The model with a LoRA adapter's change added to its weights."""
    from peft import PeftModel

    try:
        # PEFT freezes the base; a full fine-tuning of the merged model needs it trainable again.
        merged = PeftModel.from_pretrained(model, adapter).merge_and_unload().requires_grad_(True)
    except (ValueError, RuntimeError, KeyError) as error:
        detail = f"The adapter {adapter} does not fit the model: {str(error).splitlines()[0][:300]}"
        raise ScriptFailure("bad_model", detail) from error
    # PEFT leaves its mark on the object; a later adapter would then warn about, and name, a second one.
    if hasattr(merged, "peft_config"):
        del merged.peft_config
    return merged


def materialise(reference: dict[str, Any], directory: Path, dtype: torch.dtype | str = "auto") -> Path:
    """Full weights of a model as a directory: its own when it has no adapters, else written below ``directory``.

    ``dtype`` is that of what is written; "auto" is the base's.
    """
    if not reference["adapters"]:
        check_model(reference)
        return Path(reference["path"])
    target = directory / reference["key"]
    if not (target / "config.json").is_file():
        publish_full(load_model(reference, dtype), reference, target)
    return target


def publish_full(model: Any, parent: dict[str, Any], directory: Path) -> None:
    """Writes full weights in the Hugging Face layout, with the tokenizer files of the parent."""
    directory.mkdir(parents=True, exist_ok=True)
    model.save_pretrained(directory)
    keep_parent_files(parent, directory)


def publish_adapter(model: Any, parent: dict[str, Any], directory: Path) -> None:
    """Writes a LoRA adapter in PEFT's layout.

    ``base_model_name_or_path`` is the parent's key, not a path: paths differ between machines, and equal adapters
    must have equal bytes.
    """
    directory.mkdir(parents=True, exist_ok=True)
    model.save_pretrained(directory)
    (directory / "README.md").unlink(missing_ok=True)
    file = directory / "adapter_config.json"
    config = json.loads(file.read_text())
    config["base_model_name_or_path"] = parent["key"]
    # PEFT keeps target modules in a set: without sorting, their order changes from process to process.
    config["target_modules"] = sorted(config["target_modules"])
    file.write_text(json.dumps(config, indent=2, sort_keys=True) + "\n")


def keep_parent_files(parent: dict[str, Any], directory: Path) -> None:
    """Copies tokenizer, generation settings and licence of the parent."""
    for name in _KEPT_FILES:
        source = Path(parent["path"]) / name
        if source.is_file():
            shutil.copyfile(source, directory / name)


def published_hash(directory: Path) -> str:
    """Equal models have equal hashes."""
    return model_hash(directory)

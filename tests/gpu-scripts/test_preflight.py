"""The memory preflight refuses before anything is loaded, and failures of memory and disk get their names."""

from __future__ import annotations

import errno
import json
import struct
from pathlib import Path

import pytest
from requests_for import dataset, evaluate_request, preference_request, run_script, sft_request, task
from tiny import make_model, reference

from temper_gpu import evaluate, preference, sft
from temper_gpu.contract import ScriptFailure
from temper_gpu.failures import experiment_failures
from temper_gpu.preflight import training_memory_mib


@pytest.fixture(scope="module")
def huge(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A model directory whose header names 9 B parameters; the file is sparse, so it costs no disk."""
    directory = make_model(tmp_path_factory.mktemp("huge") / "huge")
    shape, size = [90_000, 100_000], 9_000_000_000 * 2
    header = json.dumps({"model.big.weight": {"dtype": "BF16", "shape": shape, "data_offsets": [0, size]}}).encode()
    with (directory / "model.safetensors").open("wb") as file:
        file.write(struct.pack("<Q", len(header)) + header)
        file.truncate(8 + len(header) + size)
    return directory


def test_refuses_sft_that_cannot_fit(huge: Path, pairs: Path, tmp_path: Path) -> None:
    with pytest.raises(ScriptFailure) as caught:
        run_script(sft, sft_request(tmp_path / "o", reference(huge), [dataset(pairs)], memory=60_000))
    assert caught.value.reason == "out_of_memory"
    # 9 B parameters × (weights 4 + parent's copy 4 + gradients 4 + AdamW 8) bytes
    assert "It would need about 172," in caught.value.detail
    assert "Nothing was loaded. Use a smaller per_device_train_batch_size" in caught.value.detail


def test_refuses_preferences_and_evaluations_that_cannot_fit(huge: Path, preferences: Path, tmp_path: Path) -> None:
    data = dataset(preferences, "preference")
    documents = [
        (preference, preference_request(tmp_path / "p", reference(huge), data, "dpo")),
        (evaluate, evaluate_request(tmp_path / "e", reference(huge), [task(preferences, {"kind": "exact"})])),
    ]
    for script, document in documents:
        document["limits"]["memory_mib"] = 8_000
        with pytest.raises(ScriptFailure, match="out_of_memory: It would need about"):
            run_script(script, document)


def test_lets_a_small_model_pass_and_records_the_estimate(base: Path, pairs: Path, tmp_path: Path) -> None:
    from temper_gpu.contract import Report

    report = Report()
    run_script(sft, sft_request(tmp_path / "o", reference(base), [dataset(pairs)], max_steps=1, memory=4_000), report)
    assert 400 < report.settings_used["estimated_memory_mib"] < 600


@pytest.mark.parametrize(
    ("change", "part"),
    [
        ({"per_device_train_batch_size": 64}, "activations"),
        ({"gradient_checkpointing": True}, "activations"),
        ({"peft_r": 8}, "optimizer"),
    ],
)
def test_the_estimate_follows_the_settings(change: dict[str, object], part: str, huge: Path) -> None:
    from attempts import SFT_SETTINGS

    plain = training_memory_mib(huge, SFT_SETTINGS, 40, on_gpu=True)
    changed = training_memory_mib(huge, {**SFT_SETTINGS, **change}, 40, on_gpu=True)
    grows = "per_device_train_batch_size" in change
    assert (changed[part] > plain[part]) is grows
    assert changed[part] != plain[part]


def test_counts_the_inputs_that_lora_keeps(huge: Path) -> None:
    from attempts import SFT_SETTINGS

    full, lora = (training_memory_mib(huge, {**SFT_SETTINGS, "peft_r": rank}, 40, on_gpu=False) for rank in (None, 8))
    assert lora["activations"] > 1.3 * full["activations"]


@pytest.mark.parametrize(
    ("error", "reason"),
    [
        (MemoryError(), "out_of_memory"),
        (RuntimeError("CUDA out of memory. Tried to allocate 20 GiB"), "out_of_memory"),
        (RuntimeError("DefaultCPUAllocator: can't allocate memory: you tried to allocate 9 bytes"), "out_of_memory"),
        (OSError(errno.ENOSPC, "No space left on device"), "disk_full"),
        (RuntimeError("Error while serializing: I/O error: No space left on device (os error 28)"), "disk_full"),
        (PermissionError(errno.EACCES, "Permission denied", "/models"), "no_permission"),
    ],
)
def test_names_what_ran_out(error: Exception, reason: str) -> None:
    with pytest.raises(ScriptFailure) as caught, experiment_failures():
        raise error
    assert caught.value.reason == reason


def test_lets_bugs_pass() -> None:
    with pytest.raises(ZeroDivisionError), experiment_failures():
        _ = 1 / 0

"""Models and data that several tests share; each is made once a session."""

from __future__ import annotations

import os
from pathlib import Path

os.environ.setdefault("OMP_NUM_THREADS", "1")
os.environ.setdefault("HF_HUB_OFFLINE", "1")

import pytest
from requests_for import dataset, run_script, sft_request
from tiny import make_model, reference, sums, write_jsonl


@pytest.fixture(scope="session")
def base(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A model with random weights."""
    return make_model(tmp_path_factory.mktemp("models") / "base")


@pytest.fixture(scope="session")
def pairs(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """400 sums as prompt and completion."""
    rows = [{"prompt": prompt, "completion": right} for prompt, right, _ in sums(400, seed=1)]
    return write_jsonl(tmp_path_factory.mktemp("data") / "pairs.jsonl", rows)


@pytest.fixture(scope="session")
def preferences(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """200 sums with a right and a wrong answer."""
    rows = [{"prompt": prompt, "chosen": right, "rejected": wrong} for prompt, right, wrong in sums(200, seed=2)]
    return write_jsonl(tmp_path_factory.mktemp("data") / "preferences.jsonl", rows)


@pytest.fixture(scope="session")
def taught(base: Path, pairs: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The base after SFT on the sums: it knows them."""
    from temper_gpu import sft

    output = tmp_path_factory.mktemp("taught") / "output"
    run_script(sft, sft_request(output, reference(base), [dataset(pairs)], max_steps=250, learning_rate=5e-3))
    return output

"""A model computes in the format that its device is fast with."""

from pathlib import Path
from typing import Any

import pytest
import torch
from safetensors.torch import save_file

from temper_gpu.compute_dtype import compute_dtype


@pytest.mark.parametrize(
    ("stored", "features", "on_gpu", "computes"),
    [
        (torch.float32, {"avx512_bf16": True}, False, "float32"),
        (torch.bfloat16, {"avx2": True}, False, "float32"),
        (torch.bfloat16, {"avx2": True, "avx512_bf16": True}, False, "bfloat16"),
        (torch.bfloat16, {"bf16": True}, False, "bfloat16"),
        (torch.float16, {"avx512_bf16": True}, False, "float32"),
        (torch.bfloat16, {"avx2": True}, True, "bfloat16"),
        (torch.float16, {}, True, "float16"),
    ],
)
def test_a_cpu_computes_in_fp32_unless_it_is_fast_with_less(
    stored: torch.dtype,
    features: dict[str, Any],
    on_gpu: bool,
    computes: str,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    save_file({"weight": torch.zeros(2, 2, dtype=stored)}, tmp_path / "model.safetensors")
    monkeypatch.setattr(torch.cpu, "get_capabilities", lambda: features)
    assert compute_dtype(tmp_path, on_gpu) == computes

"""The number format that a model computes in on this device."""

from pathlib import Path

from temper_gpu.model_files import stored_dtype

# Features of a processor with which oneDNN multiplies bf16 matrices at least as fast as fp32 ones. Without them PyTorch
# falls back to loops: on an AVX2-only EPYC a 135M model generated less than 1 token/s in bf16.
_FAST_BF16 = ("amx_bf16", "avx512_bf16", "avx512_bw", "bf16")


def compute_dtype(directory: Path, on_gpu: bool) -> str:
    """torch's name of the type to load a stored model in: as stored, or float32 where a CPU is slow with less."""
    stored = stored_dtype(directory)
    if on_gpu or stored == "float32":
        return stored
    return stored if stored == "bfloat16" and _cpu_is_fast_with_bf16() else "float32"


def _cpu_is_fast_with_bf16() -> bool:
    import torch

    features = torch.cpu.get_capabilities()
    return any(features.get(name, False) for name in _FAST_BF16)

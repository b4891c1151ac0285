"""What a reply says of the libraries that made it."""

import importlib.metadata

import mergekit  # noqa: F401 - it has no version of its own, and is to be loaded
import torch

from temper_gpu.step import versions


def test_every_loaded_library_has_its_version() -> None:
    found = versions()
    assert found["mergekit"] == importlib.metadata.version("mergekit")
    # With the build's suffix, such as +cpu.
    assert found["torch"] == torch.__version__
    assert "unknown" not in found.values()

"""What a probe job tells of the place where it runs."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

from temper_gpu import probe


@pytest.mark.slow
def test_tells_what_jobs_would_find(tmp_path: Path) -> None:
    subprocess.run([sys.executable, "-m", "temper_gpu.probe", str(tmp_path)], check=True)
    found = json.loads((tmp_path / "probe.json").read_text())
    assert found["problem"] is None
    assert found["torch"]
    assert [file.name for file in tmp_path.iterdir()] == ["probe.json"]


def test_tells_which_package_is_missing(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "trl", None)
    found = probe.look()
    assert found["torch"] is None
    assert "trl" in found["problem"]

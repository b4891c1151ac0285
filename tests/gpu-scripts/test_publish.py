"""Publishing: what stands there is kept, unless its files were removed; what is loaded is what was published."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from temper_gpu.contract import ScriptFailure, list_artifacts
from temper_gpu.models import check_published
from temper_gpu.publish import publish


def make_output(folder: Path, text: str) -> tuple[Path, dict[str, object]]:
    folder.mkdir(parents=True)
    (folder / "model.safetensors").write_text(text)
    return folder, {"status": "ok", "artifacts": list_artifacts(folder)}


def published(tmp_path: Path, text: str = "weights") -> Path:
    output, reply = make_output(tmp_path / "output", text)
    assert publish(output, tmp_path / "models" / "key", "key", reply)
    return tmp_path / "models" / "key"


def test_keeps_the_model_that_is_there(tmp_path: Path) -> None:
    target = published(tmp_path)
    output, reply = make_output(tmp_path / "again", "others")
    assert not publish(output, target, "key", reply)
    assert (target / "model.safetensors").read_text() == "weights"
    assert not output.exists()


def test_replaces_a_model_whose_files_were_removed(tmp_path: Path) -> None:
    target = published(tmp_path)
    (target / "model.safetensors").unlink()
    output, reply = make_output(tmp_path / "again", "weights")
    assert publish(output, target, "key", reply)
    assert (target / "model.safetensors").read_text() == "weights"
    assert [path.name for path in target.parent.iterdir()] == ["key"]


def test_loads_only_what_was_published(tmp_path: Path) -> None:
    target = published(tmp_path)
    check_published(target)
    (target / "model.safetensors").write_text("weightz")
    with pytest.raises(ScriptFailure, match="bad_model: .*is not what was published: its checksum differs"):
        check_published(target)
    (target / "model.safetensors").unlink()
    with pytest.raises(ScriptFailure, match="its model was removed"):
        check_published(target)


def test_asks_nothing_of_a_model_that_temper_did_not_make(tmp_path: Path) -> None:
    check_published(tmp_path)
    (tmp_path / "temper.json").write_text(json.dumps({"key": "key", "reply": {"status": "ok"}}))
    check_published(tmp_path)

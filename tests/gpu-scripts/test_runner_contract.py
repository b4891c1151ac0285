"""Requests, replies and progress as they cross the border."""

from __future__ import annotations

import json
import math
from pathlib import Path

import pytest
from attempts import make_attempt

from temper_gpu import contract
from temper_gpu.contract import ContractViolation, Report


def test_reads_a_request_that_fits(tmp_path: Path) -> None:
    file = make_attempt(tmp_path) / "steps" / "train" / "request.json"
    assert contract.load_request(file, "sft")["settings"]["max_steps"] == 2


@pytest.mark.parametrize(
    ("change", "says"),
    [
        ({"colour": "red"}, "'colour' was unexpected"),
        ({"seed": "zero"}, "at seed: 'zero' is not of type 'integer'"),
        ({"settings": {}}, "at settings: "),
        ({"schema_version": 2}, "at schema_version"),
    ],
)
def test_says_what_is_wrong_in_a_request_and_where(tmp_path: Path, change: dict[str, object], says: str) -> None:
    file = make_attempt(tmp_path) / "steps" / "train" / "request.json"
    file.write_text(json.dumps({**json.loads(file.read_text()), **change}))
    with pytest.raises(ContractViolation) as raised:
        contract.load_request(file, "sft")
    assert says in str(raised.value)
    assert str(file) in str(raised.value)


def test_a_truncated_request_is_a_violation(tmp_path: Path) -> None:
    file = tmp_path / "request.json"
    file.write_text('{"schema_version": 1, "att')
    with pytest.raises(ContractViolation, match="cannot be read as JSON"):
        contract.load_request(file, "sft")


def test_numbers_that_json_lacks_are_refused() -> None:
    with pytest.raises(ValueError, match="not JSON compliant"):
        contract.encode({"loss": math.nan})


def test_writing_leaves_all_or_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    file = tmp_path / "reply.json"
    contract.write_bytes(file, b"before")

    def fail(descriptor: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(contract.os, "fsync", fail)
    with pytest.raises(OSError, match="No space left"):
        contract.write_bytes(file, b"after")
    assert file.read_bytes() == b"before"
    assert [path.name for path in tmp_path.iterdir()] == ["reply.json"]


def test_equal_directories_have_equal_hashes(tmp_path: Path) -> None:
    for name in ("a", "b"):
        (tmp_path / name / "sub").mkdir(parents=True)
        (tmp_path / name / "sub" / "x.txt").write_text("one")
    assert contract.model_hash(tmp_path / "a") == contract.model_hash(tmp_path / "b")
    assert contract.list_artifacts(tmp_path / "a")[0]["path"] == "sub/x.txt"
    (tmp_path / "b" / "sub" / "x.txt").write_text("two")
    assert contract.model_hash(tmp_path / "a") != contract.model_hash(tmp_path / "b")


def lines(directory: Path) -> list[dict[str, object]]:
    return [json.loads(line) for line in (directory / "progress.jsonl").read_text().splitlines()]


def test_progress_is_throttled_but_never_loses_the_ends(tmp_path: Path) -> None:
    report = Report(tmp_path, "train")
    for done in range(1001):
        report.progress(done, 1000, "steps", loss=1 / (done + 1))
    told = lines(tmp_path)
    assert (told[0]["done"], told[-1]["done"]) == (0, 1000)
    assert len(told) < 20
    for line in told:
        contract.validate(line, "job.progress", "a line")


def test_progress_says_nothing_of_a_loss_that_is_no_number(tmp_path: Path) -> None:
    report = Report(tmp_path, "train")
    report.progress(0, 10, "steps", loss=math.nan)
    report.progress(10, 10, "steps", loss=math.inf)
    assert [line["loss"] for line in lines(tmp_path)] == [None, None]


def test_a_report_without_a_directory_only_collects() -> None:
    report = Report()
    report.progress(1, 2, "items")
    report.warn("twice")
    report.warn("twice")
    report.settings({"batch": 4})
    assert (report.warnings, report.settings_used) == (["twice"], {"batch": 4})

"""The runner with real processes and fixture scripts."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from attempts import (
    KEY,
    is_running,
    log_has,
    make_attempt,
    read_exit,
    read_reply,
    run,
    start_runner,
    wait_until,
)

from temper_gpu import waiting
from temper_gpu.heartbeat import Heartbeat
from temper_gpu.limits import Limits
from temper_gpu.start_script import fork_child


def outcome(directory: Path, **extra: str) -> tuple[str, str]:
    record = run(directory, **extra)
    return record["outcome"], record["detail"]


def test_runs_all_steps_and_publishes_the_model_with_its_card(tmp_path: Path) -> None:
    directory = make_attempt(tmp_path)
    record = run(directory)
    assert record["outcome"] == "finished"
    assert [(step["name"], step["exit_code"], step["published"]) for step in record["steps"]] == [
        ("train", 0, True),
        ("evaluate", 0, False),
    ]
    card = json.loads((tmp_path / "models" / KEY / "temper.json").read_text())
    assert card == {"key": KEY, "reply": read_reply(directory, "train")}
    assert [artifact["path"] for artifact in card["reply"]["artifacts"]] == ["model.safetensors"]
    assert not (directory / "steps" / "train" / "output").exists()
    assert read_reply(directory, "evaluate")["metrics"]["tasks"][0]["strict"] == [
        1.0,
        0.0,
        1.0,
        1.0,
    ]
    assert {path.name for path in directory.iterdir()} == {
        "claim.json", "exit.json", "log.txt", "progress.jsonl", "request.json", "steps",
    }  # fmt: skip


def test_a_second_start_does_nothing(tmp_path: Path) -> None:
    directory = make_attempt(tmp_path)
    starts = [start_runner(directory) for _ in range(6)]
    assert [start.wait(timeout=60) for start in starts] == [0] * 6
    before = (directory / "exit.json").read_bytes()
    assert start_runner(directory).wait(timeout=60) == 0
    assert (directory / "exit.json").read_bytes() == before
    lines = (directory / "progress.jsonl").read_text().splitlines()
    assert len(lines) == 4, "each of two steps tells of its first and last bit of progress once"


@pytest.mark.parametrize(
    ("behaviour", "reason"),
    [
        ("fail", "diverged"),
        ("not_a_number", "diverged"),
        ("no_memory", "out_of_memory"),
    ],
)
def test_a_failure_is_a_valid_reply_and_ends_the_job(tmp_path: Path, behaviour: str, reason: str) -> None:
    directory = make_attempt(tmp_path, behaviour)
    record = run(directory)
    assert record["outcome"] == "finished"
    assert [step["name"] for step in record["steps"]] == ["train"]
    assert read_reply(directory, "train")["reason"] == reason
    assert not (tmp_path / "models").exists() or not list((tmp_path / "models").iterdir())


@pytest.mark.parametrize(
    ("behaviour", "detail"),
    [
        ("crash", "exit code 1: KeyError: 'a bug in the script'"),
        ("kill", "signal SIGKILL"),
        ("truncate", "cannot be read as JSON"),
        ("unknown_keys", "does not match sft.reply"),
        ("silent", "result.json cannot be read"),
    ],
)
def test_anything_but_a_valid_reply_is_a_crash(tmp_path: Path, behaviour: str, detail: str) -> None:
    told, text = outcome(make_attempt(tmp_path, behaviour))
    assert told == "crashed"
    assert detail in text


def test_a_failed_evaluation_keeps_the_published_model(tmp_path: Path) -> None:
    directory = make_attempt(tmp_path, evaluate="crash")
    record = run(directory)
    assert record["outcome"] == "crashed"
    assert record["steps"][0]["published"] is True
    assert (tmp_path / "models" / KEY / "model.safetensors").exists()


def test_keeps_what_is_published_already(tmp_path: Path) -> None:
    run(make_attempt(tmp_path, name="0123456789ab-1"))
    card = tmp_path / "models" / KEY / "temper.json"
    before = card.stat().st_ino
    record = run(make_attempt(tmp_path, name="0123456789ab-2"))
    assert record["outcome"] == "finished"
    assert record["steps"][0]["published"] is False
    assert card.stat().st_ino == before


def test_refuses_to_publish_over_something_else(tmp_path: Path) -> None:
    (tmp_path / "models" / KEY).mkdir(parents=True)
    (tmp_path / "models" / KEY / "notes.txt").write_text("mine")
    told, text = outcome(make_attempt(tmp_path))
    assert told == "crashed"
    assert "holds something that is not the model" in text


@pytest.mark.parametrize("behaviour", ["sleep", "stubborn", "grandchild_sleep"])
@pytest.mark.parametrize("way", ["cancelled", "lost", "signal"])
def test_ending_an_attempt_leaves_no_process(tmp_path: Path, behaviour: str, way: str) -> None:
    directory = make_attempt(tmp_path, behaviour)
    started = start_runner(directory)
    wait_until(log_has(directory, "sleeping"), "the script's start")
    script = int(Path(f"/proc/{started.pid}/task/{started.pid}/children").read_text().split()[0])
    pids = [
        script,
        *(int(file.read_text()) for file in directory.glob("steps/train/*.pid")),
    ]
    assert len(pids) == (3 if behaviour == "grandchild_sleep" else 1)
    if way == "signal":
        started.terminate()
    else:
        (directory / "cancel").write_text("lost\n" if way == "lost" else "")
    started.wait(timeout=20)
    if way == "cancelled":
        assert read_exit(directory)["outcome"] == "cancelled"
    else:  # Whoever did it says what it means: an engine its time limit or a preemption, a conductor that it is lost.
        assert not (directory / "exit.json").exists()
    assert [pid for pid in pids if is_running(pid)] == []


def test_an_attempt_that_counts_as_lost_publishes_nothing_however_far_it_is(tmp_path: Path) -> None:
    directory = make_attempt(tmp_path, "sleep_until_told")
    started = start_runner(directory)
    wait_until(log_has(directory, "sleeping"), "the script's start")
    started.send_signal(signal.SIGSTOP)
    (directory / "steps" / "train" / "go").touch()
    wait_until((directory / "steps" / "train" / "result.json").exists, "the script's reply")
    (directory / "cancel").write_text("lost\n")
    (directory / "exit.json").write_text("{}")
    started.send_signal(signal.SIGCONT)
    assert started.wait(timeout=20) == 1
    assert (directory / "exit.json").read_text() == "{}"
    assert not (tmp_path / "models" / KEY).exists()


def test_keeps_the_record_that_was_there_first(tmp_path: Path) -> None:
    directory = make_attempt(tmp_path, "sleep_until_told")
    started = start_runner(directory)
    wait_until(log_has(directory, "sleeping"), "the script's start")
    (directory / "exit.json").write_text("{}")
    (directory / "steps" / "train" / "go").touch()
    started.wait(timeout=20)
    assert (directory / "exit.json").read_text() == "{}"
    assert "that counts" in (directory / "log.txt").read_text()


def test_beats_while_it_is_busy_and_leaves_no_beat_behind(tmp_path: Path) -> None:
    with Heartbeat(tmp_path, seconds=0.02):
        first = (tmp_path / "heartbeat").read_text()
        until = time.monotonic() + 20
        while (tmp_path / "heartbeat").read_text() == first:
            assert time.monotonic() < until, "it does not beat"
        assert len((tmp_path / "heartbeat").read_text()) == len(first)
    assert not (tmp_path / "heartbeat").exists()


@pytest.mark.parametrize("is_cancelled", [True, False])
def test_a_script_that_an_engine_ends_before_its_runner_has_not_crashed(tmp_path: Path, is_cancelled: bool) -> None:
    directory = make_attempt(tmp_path, "sleep")
    started = start_runner(directory)
    wait_until(log_has(directory, "sleeping"), "the script's start")
    if is_cancelled:
        (directory / "cancel").touch()
    os.kill(int(Path(f"/proc/{started.pid}/task/{started.pid}/children").read_text().split()[0]), signal.SIGTERM)
    started.terminate()
    started.wait(timeout=20)
    assert (read_exit(directory)["outcome"] == "cancelled") if is_cancelled else not (directory / "exit.json").exists()


def test_cancel_before_the_start_runs_nothing(tmp_path: Path) -> None:
    directory = make_attempt(tmp_path)
    (directory / "cancel").touch()
    record = run(directory)
    assert (record["outcome"], record["steps"]) == ("cancelled", [])


def test_what_a_finished_script_leaves_running_is_ended(tmp_path: Path) -> None:
    directory = make_attempt(tmp_path, "grandchild")
    assert run(directory)["outcome"] == "finished"
    pids = [int(file.read_text()) for file in directory.glob("steps/train/*.pid")]
    assert len(pids) == 2
    assert [pid for pid in pids if is_running(pid)] == []


@pytest.mark.parametrize(
    ("behaviour", "limit", "told"),
    [
        ("sleep", {"wall_seconds": 0.5}, ("timeout", "time limit")),
        ("eat_memory", {"memory_mib": 200}, ("out_of_memory", "its limit is 200 MiB")),
        ("eat_disk", {"disk_mib": 4}, ("disk_full", "its limit is 4 MiB")),
    ],
)
def test_limits_end_the_job(tmp_path: Path, behaviour: str, limit: dict[str, float], told: tuple[str, str]) -> None:
    got, detail = outcome(make_attempt(tmp_path, behaviour, **limit))  # type: ignore[arg-type]
    assert got == told[0]
    assert told[1] in detail


def test_the_script_dies_with_its_runner(tmp_path: Path) -> None:
    directory = make_attempt(tmp_path, "sleep")
    started = start_runner(directory)
    wait_until(log_has(directory, "sleeping"), "the script's start")
    script = int(Path(f"/proc/{started.pid}/task/{started.pid}/children").read_text().split()[0])
    started.kill()
    started.wait()
    wait_until(lambda: not is_running(script), "the script's end")
    assert not (directory / "exit.json").exists()


def test_a_request_of_another_attempt_is_refused(tmp_path: Path) -> None:
    directory = make_attempt(tmp_path)
    other = directory.with_name("0123456789ab-7")
    os.rename(directory, other)
    told, text = outcome(other)
    assert told == "crashed"
    assert "is of attempt 0123456789ab-1" in text


def test_an_unknown_key_in_a_request_is_an_error(tmp_path: Path) -> None:
    directory = make_attempt(tmp_path)
    file = directory / "steps" / "train" / "request.json"
    file.write_text(json.dumps({**json.loads(file.read_text()), "colour": "red"}))
    told, text = outcome(directory)
    assert told == "crashed"
    assert "'colour' was unexpected" in text


def test_the_job_sees_no_secret_and_no_home(tmp_path: Path) -> None:
    directory = make_attempt(tmp_path, "environment")
    run(
        directory,
        OPENAI_API_KEY="sk-planted",
        HF_TOKEN="hf-planted",
        HOME="/home/someone",
    )
    line = next(line for line in (directory / "log.txt").read_text().splitlines() if line.startswith("ENVIRONMENT "))
    seen = json.loads(line.removeprefix("ENVIRONMENT "))
    assert "planted" not in line
    assert seen["HOME"] != "/home/someone"
    assert seen["HF_HUB_OFFLINE"] == "1"


def test_interrupting_the_starter_does_not_reach_the_job(tmp_path: Path) -> None:
    directory = make_attempt(tmp_path, "sleep")
    started = start_runner(directory)
    wait_until(log_has(directory, "sleeping"), "the script's start")
    assert os.getsid(started.pid) == started.pid != os.getsid(0)
    started.send_signal(signal.SIGTERM)
    started.wait(timeout=20)


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    """A file system of 2 MiB."""
    home = tmp_path / "small"
    home.mkdir()
    mount = ["mount", "-t", "tmpfs", "-o", "size=2m", "tmpfs", str(home)]
    if os.getuid() != 0 or subprocess.run(mount, check=False, capture_output=True).returncode != 0:
        pytest.skip("a small file system cannot be mounted here")
    yield home
    subprocess.run(["umount", str(home)], check=True)


def test_a_model_that_does_not_fit_on_the_disk_is_a_failure(small_disk: Path) -> None:
    directory = make_attempt(small_disk, "eat_disk")
    assert run(directory)["outcome"] == "finished"
    assert read_reply(directory, "train")["reason"] == "disk_full"


def test_a_full_disk_still_gets_its_exit_record(small_disk: Path) -> None:
    told, text = outcome(make_attempt(small_disk, "fill_disk"))
    assert told == "disk_full"
    assert "no space left" in text.lower()


def test_a_fork_that_does_nothing_is_noticed(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(waiting, "HANG_SECONDS", 0.3)
    pid = fork_here(lambda: time.sleep(60) or 0, monkeypatch)
    limits = Limits({"wall_seconds": 60, "memory_mib": None, "disk_mib": None}, tmp_path)
    try:
        with pytest.raises(waiting.Hung):
            waiting.wait_for_script(pid, waiting.Signals(tmp_path / "cancel"), limits, watch_hang=True)
    finally:
        os.kill(pid, signal.SIGKILL)
        os.waitpid(pid, 0)


def test_a_fork_that_works_is_left_alone(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(waiting, "HANG_SECONDS", 0.5)

    def work() -> int:
        until = time.monotonic() + 1
        while time.monotonic() < until or time.process_time() < 0.2:
            sum(range(1000))
        return 7

    pid = fork_here(work, monkeypatch)
    limits = Limits({"wall_seconds": 60, "memory_mib": None, "disk_mib": None}, tmp_path)
    status = waiting.wait_for_script(pid, waiting.Signals(tmp_path / "cancel"), limits, watch_hang=True)
    assert os.waitstatus_to_exitcode(status) == 7


def fork_here(work: Callable[[], int], monkeypatch: pytest.MonkeyPatch) -> int:
    monkeypatch.setenv("TMPDIR", "/tmp")
    return fork_child(work)

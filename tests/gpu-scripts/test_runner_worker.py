"""The warm worker with fixture scripts: it imports nothing heavy then, and all else is as always."""

from __future__ import annotations

import json
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from attempts import (
    environment,
    is_running,
    log_has,
    make_attempt,
    read_exit,
    wait_until,
)


def start_worker(home: Path, idle_seconds: float = 600, **extra: str) -> subprocess.Popen[bytes]:
    return subprocess.Popen(
        [sys.executable, "-m", "temper_gpu.worker", str(home), str(idle_seconds)],
        env=environment(**extra),
    )


def card(home: Path) -> Path:
    return home / "worker" / "worker.json"


@pytest.fixture
def worker(tmp_path: Path) -> Iterator[subprocess.Popen[bytes]]:
    process = start_worker(tmp_path, OPENAI_API_KEY="sk-planted")
    wait_until(card(tmp_path).exists, "the worker's start")
    yield process
    process.kill()
    process.wait()


def ask(home: Path, request: dict[str, object]) -> socket.socket:
    client = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
    client.connect(json.loads(card(home).read_text())["socket"])
    client.sendall(json.dumps(request).encode() + b"\n")
    return client


def run_warm(home: Path, directory: Path, **extra: str) -> int:
    with ask(home, {"run": str(directory), "env": environment(**extra)}) as client:
        return json.loads(client.makefile().readline())["pid"]


def test_runs_jobs_in_forks_that_see_no_secret(tmp_path: Path, worker: subprocess.Popen[bytes]) -> None:
    directories = [make_attempt(tmp_path, "environment", name=f"0123456789ab-{n}") for n in range(1, 4)]
    pids = [run_warm(tmp_path, directory, HF_TOKEN="hf-planted") for directory in directories]
    for directory, pid in zip(directories, pids, strict=True):
        wait_until((directory / "exit.json").exists, f"the end of {directory.name}")
        assert read_exit(directory)["outcome"] == "finished"
        assert json.loads((directory / "claim.json").read_text())["pid"] == pid
        assert "planted" not in (directory / "log.txt").read_text()


def test_jobs_outlive_the_worker(tmp_path: Path, worker: subprocess.Popen[bytes]) -> None:
    directory = make_attempt(tmp_path, "sleep")
    pid = run_warm(tmp_path, directory)
    wait_until(log_has(directory, "sleeping"), "the script's start")
    worker.kill()
    worker.wait()
    assert is_running(pid)
    (directory / "cancel").touch()
    wait_until((directory / "exit.json").exists, "the job's end")
    assert read_exit(directory)["outcome"] == "cancelled"


def test_a_job_that_runs_does_not_keep_the_next_worker_out(tmp_path: Path, worker: subprocess.Popen[bytes]) -> None:
    directory = make_attempt(tmp_path, "sleep")
    run_warm(tmp_path, directory)
    wait_until(log_has(directory, "sleeping"), "the script's start")
    worker.kill()
    worker.wait()
    second = start_worker(tmp_path)
    wait_until(
        lambda: json.loads(card(tmp_path).read_text())["pid"] == second.pid if card(tmp_path).exists() else False,
        "the second worker",
    )
    second.terminate()
    assert second.wait(timeout=10) == 0
    (directory / "cancel").touch()
    wait_until((directory / "exit.json").exists, "the job's end")


def test_only_one_worker_serves_a_home(tmp_path: Path, worker: subprocess.Popen[bytes]) -> None:
    assert start_worker(tmp_path).wait(timeout=10) == 0
    assert json.loads(card(tmp_path).read_text())["pid"] == worker.pid


def test_goes_when_idle_without_a_conductor(tmp_path: Path) -> None:
    process = start_worker(tmp_path, idle_seconds=0.5)
    wait_until(card(tmp_path).exists, "the worker's start")
    with ask(tmp_path, {"hold": True}) as held:
        assert held.makefile().readline() == '{"pid":0}\n'
        with pytest.raises(subprocess.TimeoutExpired):
            process.wait(timeout=2)
    assert process.wait(timeout=10) == 0
    assert not card(tmp_path).exists()


def test_goes_when_its_home_is_removed(tmp_path: Path) -> None:
    process = start_worker(tmp_path)
    wait_until(card(tmp_path).exists, "the worker's start")
    card(tmp_path).unlink()
    assert process.wait(timeout=10) == 0


def test_survives_clients_that_talk_nonsense(tmp_path: Path, worker: subprocess.Popen[bytes]) -> None:
    for text in (b"", b"not json\n", b"{}\n", b'{"run": 3}\n'):
        with socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as client:
            client.connect(json.loads(card(tmp_path).read_text())["socket"])
            client.sendall(text)
    directory = make_attempt(tmp_path)
    run_warm(tmp_path, directory)
    wait_until((directory / "exit.json").exists, "the job's end")
    assert worker.poll() is None


def test_a_long_home_gets_its_socket_elsewhere(tmp_path: Path) -> None:
    home = tmp_path / ("deep" * 25)
    process = start_worker(home)
    wait_until(card(home).exists, "the worker's start")
    directory = make_attempt(home)
    run_warm(home, directory)
    wait_until((directory / "exit.json").exists, "the job's end")
    assert read_exit(directory)["outcome"] == "finished"
    process.send_signal(signal.SIGTERM)
    assert process.wait(timeout=10) == 0

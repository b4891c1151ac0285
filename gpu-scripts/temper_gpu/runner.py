"""Runs one attempt of a job: claim, steps with limits, publishing, exit record. The same under every engine.

``python -m temper_gpu.runner ATTEMPT_DIR``; the warm worker calls ``run_attempt`` in a fork of itself. The runner lives
in a session of its own and outlives whoever started it; every script dies with its runner. The order on disk is: claim,
heartbeat, progress and log while it runs, a reply for each step, published output, ``exit.json`` last.
"""

from __future__ import annotations

import contextlib
import errno
import hashlib
import os
import shutil
import signal
import sys
from pathlib import Path
from typing import Any

from temper_gpu import environment, processes
from temper_gpu.claim import claim
from temper_gpu.contract import ContractViolation, read_json, validate
from temper_gpu.exit_record import Attempt
from temper_gpu.heartbeat import Heartbeat
from temper_gpu.limits import RESERVE_BYTES, LimitReached, Limits, kernel_memory_kills
from temper_gpu.publish import PublishError, publish
from temper_gpu.start_script import start_script
from temper_gpu.step import EXIT_DISK_FULL, EXIT_OK, print_trace
from temper_gpu.waiting import Cancelled, Evicted, Hung, Signals, wait_for_script

# A script that is asked to end gets this long for it before it is killed.
CANCEL_GRACE_SECONDS = 2.0


class Ended(Exception):
    """The attempt is over, with an outcome other than ``finished``."""

    def __init__(self, outcome: str, detail: str) -> None:
        super().__init__(detail)
        self.outcome = outcome
        self.detail = detail


def run_attempt(attempt_dir: Path, warm: bool) -> int:
    """Runs an attempt in this process, which becomes its runner. ``warm``: the libraries are imported, so fork.

    Returns 0 when every step that was started gave a valid reply, or when another process runs this attempt. An attempt
    that is evicted writes no exit record: whoever asked for it says what it means, and its checkpoints stay.
    """
    attempt_dir = attempt_dir.resolve()
    if not claim(attempt_dir):
        return 0
    with Heartbeat(attempt_dir):
        return _run_claimed(attempt_dir, warm)


def _run_claimed(attempt_dir: Path, warm: bool) -> int:
    attempt = Attempt(attempt_dir)
    _detach(attempt_dir / "log.txt")
    _pin_cpus(os.environ.get("TEMPER_CPUS", ""))
    temporary = environment.temporary_directory(attempt_dir)
    environment.apply(dict(os.environ), attempt_dir, temporary)
    processes.adopt_orphans()
    outcome, detail = "finished", ""
    try:
        with contextlib.suppress(OSError):
            attempt.reserve.write_bytes(b"\0" * RESERVE_BYTES)
        with Signals(attempt_dir / "cancel") as signals:
            _run_steps(attempt, _read_job(attempt_dir), signals, warm)
    except Cancelled:
        outcome, detail = "cancelled", "ended on request"
    except Evicted:
        print("Ended from outside: no exit record is left.", file=sys.stderr)
        processes.end_descendants(CANCEL_GRACE_SECONDS)
        environment.remove(temporary)
        _remove_scratch(attempt_dir, keep_checkpoints=True)
        attempt.reserve.unlink(missing_ok=True)
        return 1
    except LimitReached as reached:
        outcome, detail = reached.outcome, reached.detail
    except Ended as ended:
        outcome, detail = ended.outcome, ended.detail
    except Exception as error:
        print_trace()
        full = isinstance(error, OSError) and error.errno in (errno.ENOSPC, errno.EDQUOT)
        outcome, detail = "disk_full" if full else "crashed", f"{type(error).__name__}: {error}"
    processes.end_descendants(0 if outcome == "finished" else CANCEL_GRACE_SECONDS)
    environment.remove(temporary)
    _remove_scratch(attempt_dir, keep_checkpoints=outcome in ("crashed", "timeout"))
    attempt.write_exit(outcome, detail)
    return 0 if outcome == "finished" else 1


def _remove_scratch(attempt_dir: Path, keep_checkpoints: bool) -> None:
    """Unpublished output is of no use to anybody; checkpoints are to the next attempt after a crash or a time limit."""
    for step in attempt_dir.glob("steps/*"):
        shutil.rmtree(step / "output", ignore_errors=True)
        if not keep_checkpoints:
            shutil.rmtree(step / "work", ignore_errors=True)


def _detach(log: Path) -> None:
    """Own session, no terminal; everything that is printed goes to the attempt's log."""
    with contextlib.suppress(PermissionError):
        os.setsid()
    sys.stdout.flush()
    sys.stderr.flush()
    empty = os.open(os.devnull, os.O_RDONLY)
    writer = os.open(log, os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o644)
    os.dup2(empty, 0)
    os.dup2(writer, 1)
    os.dup2(writer, 2)
    os.close(empty)
    os.close(writer)


def _pin_cpus(listed: str) -> None:
    """Keeps this attempt to the cores that it was given; every process that it starts inherits them."""
    if listed and processes.LINUX:
        with contextlib.suppress(OSError, ValueError):
            os.sched_setaffinity(0, {int(cpu) for cpu in listed.split(",")})


def _read_job(attempt_dir: Path) -> dict[str, Any]:
    job = read_json(attempt_dir / "request.json")
    validate(job, "job.request", str(attempt_dir / "request.json"))
    if job["attempt"] != attempt_dir.name:
        raise Ended("crashed", f"request.json is of attempt {job['attempt']}, not of {attempt_dir.name}")
    return job


def _run_steps(attempt: Attempt, job: dict[str, Any], signals: Signals, warm: bool) -> None:
    """Runs steps until one fails. Raises Ended, LimitReached, Cancelled or Evicted for every end but a valid reply."""
    limits = Limits(job["limits"], attempt.directory)
    signals.check()
    forks = job["device"]["kind"] == "cpu"
    if forks and not warm and len(job["steps"]) > 1:
        _import_once()
    for step in job["steps"]:
        record = {"name": step["name"], "exit_code": None, "signal": None, "reply_sha256": None, "published": False}
        attempt.steps.append(record)
        try:
            reply = _run_step(attempt, job, step, record, signals, limits, forks)
        finally:
            attempt.peak_memory_mib = max(attempt.peak_memory_mib, limits.peak_memory_mib)
        attempt.peak_memory_mib = max(attempt.peak_memory_mib, reply["peak_memory_mib"])
        signals.check_fence()
        if reply["status"] == "failed":
            return
        limits.check_disk()
        if step["publish_to"] is not None:
            _publish(step, record, reply)


def _import_once() -> None:
    """Pays the import of torch once for all steps. What cannot be imported fails in the script that needs it."""
    if "TEMPER_FIXTURE_SCRIPTS" in os.environ:
        return
    try:
        from temper_gpu.warm_imports import warm_import

        warm_import()
    except Exception:
        print_trace()


def _run_step(
    attempt: Attempt,
    job: dict[str, Any],
    step: dict[str, Any],
    record: dict[str, Any],
    signals: Signals,
    limits: Limits,
    forks: bool,
) -> dict[str, Any]:
    """Runs one script to its end and reads its reply, filling the step's part of the exit record."""
    kills = kernel_memory_kills()
    try:
        status = wait_for_script(start_script(attempt.directory, job, step, forks), signals, limits, watch_hang=forks)
    except Hung:
        print(f"The forked script of step {step['name']} hung before it began; starting it afresh.", file=sys.stderr)
        processes.end_descendants(0)
        status = wait_for_script(start_script(attempt.directory, job, step, False), signals, limits, watch_hang=False)
    processes.end_descendants(0)
    code = os.waitstatus_to_exitcode(status)
    record["exit_code"], record["signal"] = (code, None) if code >= 0 else (None, -code)
    if code != EXIT_OK:
        signals.check_late()
    if code == -signal.SIGKILL and kernel_memory_kills() > kills:
        raise Ended("out_of_memory", f"step {step['name']}: the host ran out of memory and its kernel ended the script")
    if code == EXIT_DISK_FULL:
        raise Ended("disk_full", f"step {step['name']}: no space left to write the reply")
    if code != EXIT_OK:
        how = f"exit code {code}" if code >= 0 else f"signal {signal.Signals(-code).name}"
        raise Ended("crashed", f"step {step['name']} ended with {how}: {_last_line(attempt.directory / 'log.txt')}")
    return _read_reply(step, record)


def _read_reply(step: dict[str, Any], record: dict[str, Any]) -> dict[str, Any]:
    """The reply that the script left, checked; its hash goes to the exit record. Exit code 0 alone proves nothing."""
    file = Path(step["directory"]) / "result.json"
    try:
        reply = read_json(file)
        validate(reply, f"{step['script']}.reply", str(file))
    except ContractViolation as violation:
        raise Ended("crashed", f"step {step['name']} ended with exit code 0, but {violation}") from violation
    record["reply_sha256"] = hashlib.sha256(file.read_bytes()).hexdigest()
    return reply


def _publish(step: dict[str, Any], record: dict[str, Any], reply: dict[str, Any]) -> None:
    directory = Path(step["directory"])
    key = read_json(directory / "request.json")["key"]
    try:
        record["published"] = publish(directory / "output", Path(step["publish_to"]), key, reply)
    except PublishError as error:
        raise Ended("crashed", str(error)) from error


def _last_line(log: Path) -> str:
    with contextlib.suppress(OSError), open(log, "rb") as file:
        file.seek(max(0, log.stat().st_size - 4096))
        lines = file.read().decode(errors="replace").strip().splitlines()
        return lines[-1][:500] if lines else "it said nothing"
    return "it said nothing"


def main() -> None:
    """Entry of the cold way."""
    code = run_attempt(Path(sys.argv[1]), warm=False)
    sys.stdout.flush()
    os._exit(code)


if __name__ == "__main__":
    main()

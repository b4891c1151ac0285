"""Starting a step's script as a direct child of its runner, in a process of its own or in a fork."""

from __future__ import annotations

import contextlib
import os
import signal
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

from temper_gpu import processes
from temper_gpu.step import print_trace


def start_script(attempt_dir: Path, job: dict[str, Any], step: dict[str, Any], fork: bool) -> int:
    """Starts a step's script as a direct child in a process group of its own; returns its pid."""
    (Path(step["directory"]) / "result.json").unlink(missing_ok=True)
    if fork:
        from temper_gpu.step import run_step

        return fork_child(lambda: run_step(attempt_dir, job, step))
    command = [sys.executable, "-m", "temper_gpu.step", str(attempt_dir), step["name"]]
    count = len(job["device"]["indices"])
    if job["device"]["kind"] == "cuda" and count > 1 and step["script"] in ("sft", "preference"):
        launch = [sys.executable, "-m", "accelerate.commands.launch", "--multi_gpu", "--num_processes", str(count)]
        command = [*launch, "--mixed_precision", "no", "--main_process_port", "0", *command[1:]]
    runner = os.getpid()
    return subprocess.Popen(
        command,
        preexec_fn=lambda: _become_script(runner),  # noqa: PLW1509 (the runner has one thread)
        cwd=os.environ["TMPDIR"],
    ).pid


def _become_script(runner: int) -> None:
    os.setpgid(0, 0)
    processes.die_with_parent(runner)
    # The kernel should end the script, not its runner, when memory runs out: the runner still has to tell.
    with contextlib.suppress(OSError):
        Path("/proc/self/oom_score_adj").write_text("500")


def fork_child(work: Callable[[], int]) -> int:
    """Forks; the child does the work and ends with its exit code. Returns the child's pid."""
    runner = os.getpid()
    sys.stdout.flush()
    sys.stderr.flush()
    pid = os.fork()
    if pid != 0:
        return pid
    code = 1
    try:
        signal.set_wakeup_fd(-1)
        for name in (signal.SIGTERM, signal.SIGINT, signal.SIGCHLD, signal.SIGALRM):
            signal.signal(name, signal.SIG_DFL)
        _become_script(runner)
        os.chdir(os.environ["TMPDIR"])
        code = work()
    except BaseException:
        print_trace()
    finally:
        with contextlib.suppress(OSError, ValueError):
            sys.stdout.flush()
            sys.stderr.flush()
        os._exit(code)

"""Limits of a job: wall time, memory of its whole process tree, and what it writes."""

from __future__ import annotations

import contextlib
import os
import time
from pathlib import Path
from typing import Any

from temper_gpu import processes

# Reading memory costs 0.1 ms and sizing a directory of a few hundred files 2 ms: well under 1 % at these rates.
MEMORY_INTERVAL_SECONDS = 0.2
DISK_INTERVAL_SECONDS = 2.0
RESERVE_BYTES = 16 * 1024


class LimitReached(Exception):
    """A limit that ends the job; ``outcome`` is one of exit.json's."""

    def __init__(self, outcome: str, detail: str) -> None:
        super().__init__(detail)
        self.outcome = outcome
        self.detail = detail


def directory_mib(directory: Path) -> float:
    """Space that the files below a directory take."""
    total = 0
    for folder, _, names in os.walk(directory):
        for name in names:
            with contextlib.suppress(OSError):
                total += os.lstat(os.path.join(folder, name)).st_blocks * 512
    return total / 2**20


class Limits:
    """Watches one job. Call ``check`` often: it decides itself when to look."""

    def __init__(self, limits: dict[str, Any], directory: Path) -> None:
        self.peak_memory_mib = 0.0
        self._limits = limits
        self._directory = directory
        self._deadline = time.monotonic() + limits["wall_seconds"]
        self._next_memory = 0.0
        self._next_disk = 0.0

    def check(self) -> None:
        """Raises LimitReached for the first limit that is broken."""
        now = time.monotonic()
        if now >= self._deadline:
            raise LimitReached("timeout", f"Ended after {self._limits['wall_seconds']:g} s, its time limit.")
        if now >= self._next_memory:
            self._next_memory = now + MEMORY_INTERVAL_SECONDS
            self._check_memory()
        if now >= self._next_disk:
            self._next_disk = now + DISK_INTERVAL_SECONDS
            self.check_disk()

    def _check_memory(self) -> None:
        used = processes.memory_mib(processes.descendants(os.getpid()))
        self.peak_memory_mib = max(self.peak_memory_mib, used)
        allowed = self._limits["memory_mib"]
        if allowed is not None and used > allowed:
            raise LimitReached(
                "out_of_memory", f"Used {used:.0f} MiB of memory; its limit is {allowed} MiB (executor.memory_mib)."
            )

    def check_disk(self) -> None:
        """Raises LimitReached when the job wrote more than it may; also for what was written at the very end."""
        allowed = self._limits["disk_mib"]
        if allowed is None:
            return
        used = directory_mib(self._directory)
        if used > allowed:
            raise LimitReached(
                "disk_full", f"Wrote {used:.0f} MiB; its limit is {allowed} MiB, what budget.disk_gb leaves."
            )


def kernel_memory_kills() -> int:
    """How often this host's kernel ended a process for lack of memory; 0 where that is not told."""
    try:
        lines = Path("/proc/vmstat").read_text().splitlines()
    except OSError:
        return 0
    return next((int(line.split()[1]) for line in lines if line.startswith("oom_kill ")), 0)

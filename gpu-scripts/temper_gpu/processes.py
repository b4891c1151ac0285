"""Processes of this host: who is alive, what belongs to a job, and how to end all of it.

Linux reads /proc; elsewhere psutil answers, without parent-death signals and sub-reapers (which macOS lacks).
"""

from __future__ import annotations

import contextlib
import ctypes
import os
import signal
import sys
import time
from collections.abc import Iterator
from pathlib import Path

LINUX = sys.platform.startswith("linux")
PR_SET_PDEATHSIG = 1
PR_SET_CHILD_SUBREAPER = 36


def boot_id() -> str:
    """Tells one boot of the host from the next: a pid means nothing after a restart."""
    if LINUX:
        return Path("/proc/sys/kernel/random/boot_id").read_text().strip()
    import psutil

    return str(int(psutil.boot_time()))


def _stat(pid: int) -> list[str] | None:
    """Fields of /proc/<pid>/stat from the third on (state, ppid, pgrp, session, …); None for no such process."""
    try:
        content = Path(f"/proc/{pid}/stat").read_text()
    except (FileNotFoundError, ProcessLookupError):
        return None
    return content[content.rindex(")") + 2 :].split()


def start_ticks(pid: int) -> int:
    """When a process started: clock ticks since boot (Linux) or epoch seconds; 0 when there is no such process."""
    if LINUX:
        fields = _stat(pid)
        return int(fields[19]) if fields is not None else 0
    import psutil

    try:
        return int(psutil.Process(pid).create_time())
    except psutil.NoSuchProcess:
        return 0


def is_alive(pid: int, ticks: int) -> bool:
    """Whether this very process runs: not a later one with its pid, not a zombie."""
    if LINUX:
        fields = _stat(pid)
        return fields is not None and fields[0] not in "ZX" and int(fields[19]) == ticks
    import psutil

    try:
        process = psutil.Process(pid)
        return int(process.create_time()) == ticks and process.status() != psutil.STATUS_ZOMBIE
    except psutil.NoSuchProcess:
        return False


def _children(pid: int) -> Iterator[int]:
    with contextlib.suppress(FileNotFoundError, ProcessLookupError):
        for task in os.listdir(f"/proc/{pid}/task"):
            with contextlib.suppress(FileNotFoundError, ProcessLookupError):
                yield from map(int, Path(f"/proc/{pid}/task/{task}/children").read_text().split())


def descendants(pid: int) -> list[int]:
    """Every process below this one, zombies left out."""
    if not LINUX:
        import psutil

        with contextlib.suppress(psutil.NoSuchProcess):
            below = psutil.Process(pid).children(recursive=True)
            return [process.pid for process in below if process.status() != psutil.STATUS_ZOMBIE]
        return []
    found: list[int] = []
    queue = [pid]
    while queue:
        for child in _children(queue.pop()):
            queue.append(child)
            fields = _stat(child)
            if fields is not None and fields[0] not in "ZX":
                found.append(child)
    return found


def memory_mib(pids: list[int]) -> float:
    """Resident memory of some processes together; pages that they share count for each."""
    if not LINUX:
        import psutil

        total = 0
        for pid in pids:
            with contextlib.suppress(psutil.NoSuchProcess):
                total += psutil.Process(pid).memory_info().rss
        return total / 2**20
    pages = 0
    for pid in pids:
        with contextlib.suppress(FileNotFoundError, ProcessLookupError):
            pages += int(Path(f"/proc/{pid}/statm").read_text().split()[1])
    return pages * os.sysconf("SC_PAGE_SIZE") / 2**20


def cpu_seconds(pids: list[int]) -> float:
    """User and system time of some processes so far; 0 where /proc is missing."""
    ticks = 0
    for pid in pids:
        fields = _stat(pid) if LINUX else None
        if fields is not None:
            ticks += int(fields[11]) + int(fields[12])
    return ticks / os.sysconf("SC_CLK_TCK")


def _prctl(option: int, value: int) -> None:
    if LINUX:
        ctypes.CDLL(None, use_errno=True).prctl(option, value, 0, 0, 0)


def adopt_orphans() -> None:
    """Makes this process the parent of every orphan below it, so that no grandchild can slip away."""
    _prctl(PR_SET_CHILD_SUBREAPER, 1)


def die_with_parent(parent: int) -> None:
    """Ends this process by SIGKILL when its parent dies, also when the parent died just before this call."""
    _prctl(PR_SET_PDEATHSIG, signal.SIGKILL)
    if os.getppid() != parent:
        os._exit(1)


def reap() -> dict[int, int]:
    """Collects every child that has ended: pid → wait status."""
    ended: dict[int, int] = {}
    with contextlib.suppress(ChildProcessError):
        while (result := os.waitpid(-1, os.WNOHANG))[0] != 0:
            ended[result[0]] = result[1]
    return ended


def end_descendants(grace_seconds: float) -> dict[int, int]:
    """Ends everything below this process: SIGTERM, after the grace SIGKILL, until nothing is left.

    Returns the wait statuses of the direct children and adopted orphans that were collected.
    """
    ended = reap()
    kill_at = time.monotonic() + grace_seconds
    asked: set[int] = set()
    while below := descendants(os.getpid()):
        kill = time.monotonic() >= kill_at
        for pid in below:
            if kill or pid not in asked:
                asked.add(pid)
                with contextlib.suppress(ProcessLookupError):
                    os.kill(pid, signal.SIGKILL if kill else signal.SIGTERM)
        time.sleep(0.01)
        ended |= reap()
    return ended | reap()

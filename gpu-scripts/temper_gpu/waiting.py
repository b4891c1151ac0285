"""Waiting for a script: its end, a wish to cancel, a broken limit, or a fork that hangs, whichever comes first."""

from __future__ import annotations

import os
import select
import signal
import time
from pathlib import Path
from types import FrameType, TracebackType
from typing import Self

from temper_gpu import processes
from temper_gpu.limits import Limits

# How soon a `cancel` file or a broken limit is seen; the end of a script wakes the runner at once.
POLL_SECONDS = 0.1
# Between the signals that an engine sends to the processes of one job.
LATE_SECONDS = 0.3
# A forked child that inherited a held lock stops before it has done anything. Starting work takes more than 0.1 s of
# CPU (measured: 0.3 s for the smallest evaluation), and no healthy script needs 30 s for that.
HANG_SECONDS = 30.0
HANG_CPU_SECONDS = 0.1
# What the ``cancel`` file of an attempt holds that counts as lost.
LOST = "lost"


class Cancelled(Exception):
    """Someone wrote the ``cancel`` file."""


class Evicted(Exception):
    """The attempt is ended from outside, and whoever does it knows why.

    An engine sends SIGTERM at its time limit, at a preemption, before a reboot; a conductor that took the attempt for
    lost writes so into the ``cancel`` file.
    """


class Hung(Exception):
    """A forked script did nothing for so long that it never will."""


class Signals:
    """Catches SIGTERM, SIGINT and the end of children, without threads; the runner ends after it."""

    def __init__(self, marker: Path) -> None:
        self._marker = marker
        self._asked = False
        self._reader, self._writer = os.pipe()

    def __enter__(self) -> Self:
        os.set_blocking(self._reader, False)
        os.set_blocking(self._writer, False)
        signal.signal(signal.SIGTERM, self._ask)
        signal.signal(signal.SIGINT, self._ask)
        signal.signal(signal.SIGCHLD, lambda *_: None)
        signal.set_wakeup_fd(self._writer, warn_on_full_buffer=False)
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        signal.set_wakeup_fd(-1)
        for name in (signal.SIGTERM, signal.SIGINT):
            signal.signal(name, signal.SIG_IGN)  # The exit record is written in peace.

    def _ask(self, number: int, frame: FrameType | None) -> None:
        self._asked = True

    def check(self) -> None:
        """Raises Cancelled or Evicted when the attempt shall end."""
        self.check_fence()
        if self._marker.exists():
            raise Cancelled
        if self._asked:
            raise Evicted

    def check_fence(self) -> None:
        """Raises Evicted when the attempt counts as lost: nothing of it may come to light any more."""
        if self._marker.exists() and self._marker.read_text().strip() == LOST:
            raise Evicted

    def check_late(self) -> None:
        """The same for a script that has just died: an engine ends it and its runner one after the other."""
        until = time.monotonic() + LATE_SECONDS
        while time.monotonic() < until:
            self.check()
            self.sleep()

    def sleep(self) -> None:
        """Waits for a signal, but no longer than a poll interval."""
        if select.select([self._reader], [], [], POLL_SECONDS)[0]:
            os.read(self._reader, 4096)


def wait_for_script(pid: int, signals: Signals, limits: Limits, watch_hang: bool) -> int:
    """Wait status of the script. Raises Cancelled, Evicted, LimitReached or Hung with the script still there."""
    hang_at = time.monotonic() + HANG_SECONDS if watch_hang else float("inf")
    while True:
        ended = processes.reap()
        if pid in ended:
            return ended[pid]
        signals.check()
        limits.check()
        if time.monotonic() >= hang_at:
            hang_at = float("inf")
            tree = [pid, *processes.descendants(pid)]
            if processes.LINUX and processes.cpu_seconds(tree) < HANG_CPU_SECONDS:
                raise Hung
        signals.sleep()

"""Heartbeats: what tells other hosts that a runner lives, since they cannot see its process."""

from __future__ import annotations

import contextlib
import os
import signal
from pathlib import Path
from types import FrameType, TracebackType
from typing import Self

# Other hosts call a runner lost after 120 s without one (``tools/executors/pulse.ts``); a network file system may show
# it a minute late.
BEAT_SECONDS = 10.0


class Heartbeat:
    """Counts up in the attempt's ``heartbeat`` file for as long as this process runs, whatever it is busy with.

    By a timer's signal and not a thread: a runner forks.
    """

    def __init__(self, attempt_dir: Path, seconds: float = BEAT_SECONDS) -> None:
        self._file = attempt_dir / "heartbeat"
        self._seconds = seconds
        self._count = 0

    def __enter__(self) -> Self:
        signal.signal(signal.SIGALRM, self._beat)
        signal.siginterrupt(signal.SIGALRM, False)
        signal.setitimer(signal.ITIMER_REAL, self._seconds, self._seconds)
        self._beat()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, signal.SIG_IGN)
        with contextlib.suppress(OSError):
            self._file.unlink(missing_ok=True)

    def _beat(self, number: int = 0, frame: FrameType | None = None) -> None:
        self._count += 1
        # In place and always as long: a full disk has room for it.
        with contextlib.suppress(OSError):
            descriptor = os.open(self._file, os.O_WRONLY | os.O_CREAT, 0o644)
            try:
                os.pwrite(descriptor, f"{self._count:020d}\n".encode(), 0)
            finally:
                os.close(descriptor)

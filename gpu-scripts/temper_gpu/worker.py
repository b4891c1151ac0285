"""The warm worker: one process per home that has imported everything and forks a runner for each job.

``python -m temper_gpu.worker HOME IDLE_SECONDS``. A fork starts in milliseconds where a cold start imports for 8–14 s.
This process stays single-threaded and runs no torch operation, or its forks could hang. It may be killed at any time:
runners have sessions of their own and go on. Under ``HOME/worker``: ``lock`` (only one worker), ``worker.json`` (who
and where, written when it is ready), ``log.txt``.

One line of JSON a connection: ``{"run": ATTEMPT_DIR, "env": {…}}`` is answered with ``{"pid": N}``;
``{"hold": true}`` says that a conductor is there for as long as the connection stands.
"""

from __future__ import annotations

import contextlib
import fcntl
import gc
import hashlib
import json
import os
import select
import signal
import socket
import sys
import time
import traceback
from pathlib import Path
from typing import Any, NoReturn

from temper_gpu import environment, processes
from temper_gpu.contract import encode, load_schemas, write_bytes
from temper_gpu.runner import run_attempt

# A fork claims its attempt within milliseconds; one that inherited a held lock never does.
FORK_SECONDS = 10.0
# A client that connects writes at once; longer silence means that it was stopped or killed.
CLIENT_SECONDS = 2.0
# Unix sockets take paths of at most 107 bytes (103 on macOS).
LONGEST_SOCKET_PATH = 100


class Worker:
    """Accepts jobs and forks; ``serve`` returns when nobody needs it any more."""

    def __init__(self, folder: Path, idle_seconds: float, lock: int) -> None:
        self._folder = folder
        self._idle_seconds = idle_seconds
        self._lock = lock
        self._held: list[socket.socket] = []
        self._jobs: set[int] = set()
        self._unclaimed: dict[int, tuple[Path, float]] = {}
        self._active_at = time.monotonic()
        self._reader, self._writer = os.pipe()
        self._stopping = False
        self._path = socket_path(folder)
        self._path.unlink(missing_ok=True)
        self._server = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
        self._server.bind(str(self._path))
        os.chmod(self._path, 0o600)
        self._server.listen(64)

    def serve(self) -> None:
        """Forks a runner for each job until idle without a conductor, asked to end, or replaced."""
        for end in (self._reader, self._writer):
            os.set_blocking(end, False)
        signal.signal(signal.SIGTERM, self._stop)
        signal.signal(signal.SIGCHLD, lambda *_: None)
        signal.set_wakeup_fd(self._writer, warn_on_full_buffer=False)
        self._announce()
        while not self._stopping and not self._is_idle() and self._is_ours():
            ready, _, _ = select.select([self._server, self._reader, *self._held], [], [], 1.0)
            if self._reader in ready:
                os.read(self._reader, 4096)
            for held in [held for held in self._held if held in ready]:
                self._release_if_closed(held)
            if self._server in ready:
                self._accept()
            self._jobs -= processes.reap().keys()
            self._end_hung_forks()
        if self._is_ours():
            self._path.unlink(missing_ok=True)
            (self._folder / "worker.json").unlink(missing_ok=True)

    def _announce(self) -> None:
        threads = other_threads()
        if threads:
            print(f"The worker has other threads ({', '.join(threads)}); its forks may hang.", flush=True)
        pid = os.getpid()
        document = {
            "pid": pid,
            "start_ticks": processes.start_ticks(pid),
            "boot_id": processes.boot_id(),
            "socket": str(self._path),
        }
        write_bytes(self._folder / "worker.json", encode(document))

    def _stop(self, *_: object) -> None:
        self._stopping = True

    def _is_ours(self) -> bool:
        """False when the home was removed or another worker took over."""
        try:
            return json.loads((self._folder / "worker.json").read_text())["pid"] == os.getpid()
        except (OSError, ValueError):
            return False

    def _is_idle(self) -> bool:
        if self._held or self._jobs:
            self._active_at = time.monotonic()
        return time.monotonic() - self._active_at >= self._idle_seconds

    def _release_if_closed(self, held: socket.socket) -> None:
        with contextlib.suppress(OSError):
            if held.recv(1) != b"":
                return
        self._held.remove(held)
        held.close()

    def _accept(self) -> None:
        client, _ = self._server.accept()
        client.settimeout(CLIENT_SECONDS)
        try:
            with client.makefile("r", encoding="utf-8") as reader:
                request = json.loads(reader.readline())
            if "hold" in request:
                client.settimeout(None)
                client.sendall(b'{"pid":0}\n')
                self._held.append(client)
                return
            pid = self._fork(request, client)
            client.sendall(encode({"pid": pid}))
        except Exception:  # Whatever a client says must not end the worker.
            traceback.print_exc()
        client.close()

    def _fork(self, request: dict[str, Any], client: socket.socket) -> int:
        attempt_dir, variables = Path(request["run"]), dict(request["env"])
        sys.stdout.flush()
        sys.stderr.flush()
        pid = os.fork()
        if pid == 0:
            self._become_runner(attempt_dir, variables, client)
        self._jobs.add(pid)
        self._unclaimed[pid] = (attempt_dir, time.monotonic() + FORK_SECONDS)
        return pid

    def _become_runner(self, attempt_dir: Path, variables: dict[str, str], client: socket.socket) -> NoReturn:
        """In the fork: lets go of everything of the worker's and runs the attempt."""
        code = 1
        try:
            signal.set_wakeup_fd(-1)
            for name in (signal.SIGTERM, signal.SIGCHLD):
                signal.signal(name, signal.SIG_DFL)
            for connection in (self._server, client, *self._held):
                connection.close()
            for descriptor in (self._lock, self._reader, self._writer):
                os.close(descriptor)
            os.setsid()
            os.chdir("/")
            os.environ.clear()
            os.environ.update(variables)
            code = run_attempt(attempt_dir, warm=True)
        except BaseException:
            traceback.print_exc()
        finally:
            os._exit(code)

    def _end_hung_forks(self) -> None:
        for pid, (attempt_dir, deadline) in list(self._unclaimed.items()):
            if pid not in self._jobs or (attempt_dir / "claim.json").exists():
                del self._unclaimed[pid]
            elif time.monotonic() >= deadline:
                print(f"The fork {pid} for {attempt_dir.name} hung; ending it.", flush=True)
                with contextlib.suppress(ProcessLookupError):
                    os.kill(pid, signal.SIGKILL)


def other_threads() -> list[str]:
    """Names of threads beside the first. The one that pyarrow's allocator starts knows how to fork."""
    if not processes.LINUX:
        return []
    tasks = [task for task in os.listdir("/proc/self/task") if int(task) != os.getpid()]
    names = [Path(f"/proc/self/task/{task}/comm").read_text().strip() for task in tasks]
    return [name for name in names if name != "jemalloc_bg_thd"]


def socket_path(folder: Path) -> Path:
    """Inside the home where its path is short enough for a socket, else in a private folder of /tmp."""
    inside = folder / "socket"
    if len(str(inside).encode()) <= LONGEST_SOCKET_PATH:
        return inside
    name = hashlib.sha256(str(folder).encode()).hexdigest()[:16]
    private = Path("/tmp") / f"temper-{os.getuid()}"
    private.mkdir(mode=0o700, exist_ok=True)
    if private.stat().st_uid != os.getuid():
        raise PermissionError(f"{private} belongs to somebody else; use a home with a shorter path")
    return private / f"{name}.sock"


def take_lock(folder: Path) -> int | None:
    """A descriptor that holds the home's worker lock, or None when a worker is there already."""
    descriptor = os.open(folder / "lock", os.O_RDWR | os.O_CREAT, 0o600)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        os.close(descriptor)
        return None
    return descriptor


def main() -> None:
    """Imports everything, then serves."""
    folder, idle_seconds = Path(sys.argv[1]).resolve() / "worker", float(sys.argv[2])
    folder.mkdir(parents=True, exist_ok=True)
    lock = take_lock(folder)
    if lock is None:
        return
    with contextlib.suppress(PermissionError):
        os.setsid()
    (folder / "worker.json").unlink(missing_ok=True)
    keep_nothing_secret(folder)
    if "TEMPER_FIXTURE_SCRIPTS" not in os.environ:
        from temper_gpu.warm_imports import warm_import

        warm_import()
    import jsonschema.exceptions  # noqa: F401 (every fork needs them)

    import temper_gpu.step  # noqa: F401

    load_schemas()
    gc.collect()
    gc.freeze()  # Shared pages stay shared: the collector of a fork would write to all of them.
    Worker(folder, idle_seconds, lock).serve()


def keep_nothing_secret(folder: Path) -> None:
    """What a job may not see, its warm parent may not hold either: a fork could read it in its memory."""
    environment.apply(dict(os.environ), folder, folder)
    os.environ.pop("TEMPER_ATTEMPT")


if __name__ == "__main__":
    main()

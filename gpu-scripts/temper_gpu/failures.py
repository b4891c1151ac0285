"""Turns what libraries throw into the outcomes that experiments are recorded with."""

from __future__ import annotations

import contextlib
import errno
from collections.abc import Iterator

from temper_gpu.contract import ScriptFailure

# Texts by which torch, safetensors (Rust) and the C library say that memory or disk ran out.
_MEMORY_TEXTS = ("out of memory", "can't allocate memory", "cannot allocate memory", "alloc_cpu.cpp")
_DISK_TEXTS = ("no space left on device", "disk quota exceeded")


@contextlib.contextmanager
def experiment_failures() -> Iterator[None]:
    """Re-raises exhausted memory, a full disk and a missing permission as ScriptFailure; anything else passes."""
    try:
        yield
    except ScriptFailure:
        raise
    except MemoryError as error:
        raise ScriptFailure("out_of_memory", f"This host has no memory left: {error or 'MemoryError'}.") from error
    except OSError as error:
        raise _from_os_error(error) from error
    except Exception as error:
        text = str(error).lower()
        if type(error).__name__ == "OutOfMemoryError" or any(mark in text for mark in _MEMORY_TEXTS):
            raise ScriptFailure("out_of_memory", f"Memory ran out while working: {_first_line(error)}") from error
        if any(mark in text for mark in _DISK_TEXTS):
            raise ScriptFailure("disk_full", f"The disk is full: {_first_line(error)}") from error
        raise


def _from_os_error(error: OSError) -> Exception:
    place = f" ({error.filename})" if error.filename else ""
    if error.errno in (errno.ENOSPC, errno.EDQUOT) or any(mark in str(error).lower() for mark in _DISK_TEXTS):
        return ScriptFailure("disk_full", f"The disk is full{place}. Free some space or move the home folder.")
    if error.errno == errno.ENOMEM:
        return ScriptFailure("out_of_memory", f"This host has no memory left{place}.")
    if error.errno in (errno.EACCES, errno.EPERM, errno.EROFS):
        return ScriptFailure("no_permission", f"No permission to read or write{place}: {error.strerror}.")
    return error


def _first_line(error: Exception) -> str:
    return str(error).strip().split("\n")[0][:300]

"""The child's processes as the operating system sees them: starting environment, memory, ending all of them.

A process that the environment starts inherits a marker variable, so one that leaves the process group (a daemon) is
still found and ended, where /proc exists.
"""

from __future__ import annotations

import contextlib
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

MARKER = "SCOPER_PROBE"
_PROC = Path("/proc")
_PASSED = ("PATH", "HOME", "LANG", "LANGUAGE", "TZ", "TMPDIR", "TEMP", "VIRTUAL_ENV", "LD_LIBRARY_PATH", "PYTHONPATH")
_SINGLE_THREADED = ("OMP", "OPENBLAS", "MKL", "NUMEXPR", "VECLIB_MAXIMUM")
_PAGE = os.sysconf("SC_PAGE_SIZE") if hasattr(os, "sysconf") else 4096


def child_environment(token: str, hash_seed: int = 0) -> dict[str, str]:
    """Environment variables of the child, by allow-list: no secrets, one thread, no windows, no GPU."""
    kept = {name: value for name, value in os.environ.items() if name in _PASSED or name.startswith("LC_")}
    kept |= {f"{library}_NUM_THREADS": "1" for library in _SINGLE_THREADED}
    root = str(Path(__file__).resolve().parents[2])
    kept["PYTHONPATH"] = os.pathsep.join(filter(None, (root, kept.get("PYTHONPATH"))))
    kept |= {
        "PYTHONHASHSEED": str(hash_seed),
        "PYTHONIOENCODING": "utf-8:backslashreplace",
        "PYTHONDONTWRITEBYTECODE": "1",
    }
    kept |= {"SDL_VIDEODRIVER": "dummy", "MPLBACKEND": "Agg", "CUDA_VISIBLE_DEVICES": "", MARKER: token}
    return kept


def command() -> list[str]:
    """The child's command line; -P keeps the spec's folder from shadowing modules."""
    return [sys.executable, "-P", "-m", "scoper.probe.worker"]


def memory_mb(pid: int) -> float:
    """Resident memory of the child's whole process group in MiB; 0 where it cannot be read."""
    return sum(_resident_mb(member) for member in _group(pid))


def queued_s(pid: int) -> float:
    """Seconds that the process's first thread was ready to run and did not get to; 0 where nobody counts them."""
    try:
        return int((_PROC / str(pid) / "schedstat").read_text().split()[1]) * 1e-9
    except (OSError, ValueError, IndexError):
        return 0.0


def end_all(process: subprocess.Popen[bytes], token: str) -> None:
    """Kill the child, its group and everything it started; returns when none is left, within about a second."""
    with contextlib.suppress(ProcessLookupError, PermissionError):
        os.killpg(process.pid, signal.SIGKILL)
    deadline = time.monotonic() + 1.0
    while (strays := marked(token)) and time.monotonic() < deadline:
        for pid in strays:
            with contextlib.suppress(ProcessLookupError, PermissionError):
                os.kill(pid, signal.SIGKILL)
        process.poll()
        time.sleep(0.005)
    with contextlib.suppress(subprocess.TimeoutExpired):
        process.wait(timeout=1.0)


def marked(token: str) -> list[int]:
    """Living processes that inherited the marker `token`."""
    needle = f"{MARKER}={token}".encode()
    found = []
    for pid in _all_pids():
        with contextlib.suppress(OSError):
            if needle in (_PROC / str(pid) / "environ").read_bytes():
                found.append(pid)
    return found


def _all_pids() -> list[int]:
    if not _PROC.is_dir():
        return []
    return [int(entry.name) for entry in _PROC.iterdir() if entry.name.isdigit()]


def _group(leader: int) -> list[int]:
    members = []
    for pid in _all_pids():
        with contextlib.suppress(OSError, ValueError):
            if os.getpgid(pid) == leader:
                members.append(pid)
    return members


def _resident_mb(pid: int) -> float:
    try:
        return int((_PROC / str(pid) / "statm").read_text().split()[1]) * _PAGE / 2**20
    except (OSError, ValueError, IndexError):
        return 0.0

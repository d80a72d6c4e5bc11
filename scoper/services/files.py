"""Writing files so that a crash, a full disk or a second scoper never leaves half of one.

A file is written beside its target, flushed to the disk and renamed over it (fsync, rename, fsync of the folder, in
that order), so a reader sees the old or the new content and nothing else. The temporary name is fixed, so a kill leaves
at most one stray `.NAME.tmp`, which the next write reuses. What is written is the callers' business.
"""

from __future__ import annotations

import contextlib
import errno
import os
import stat
import time
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType

from scoper.errors import Problem, StorageError

fcntl: ModuleType | None
try:
    import fcntl
except ImportError:  # no advisory locks on this platform; writing stays atomic
    fcntl = None

LOCK_WAIT_S = 10.0
_POLL_S = 0.005
_REMEDIES = {
    errno.ENOSPC: "free some space",
    errno.EDQUOT: "free some space",
    errno.EACCES: "check the permissions of the file and its folder",
    errno.EPERM: "check the permissions of the file and its folder",
    errno.EROFS: "choose a folder on a writable disk",
    errno.EISDIR: "give the name of a file",
    errno.ENOTDIR: "check the path",
    errno.ENOENT: "create the folder first",
    errno.ENAMETOOLONG: "choose a shorter name",
    errno.EWOULDBLOCK: "close the other program and try again",
}


def write_atomic(path: Path, data: bytes | str, *, overwrite: bool) -> None:
    """Put `data` (text as UTF-8) into the file `path`, completely or not at all; a link is followed to its target.

    The mode of an overwritten file is kept. Raises StorageError when the file exists and `overwrite` is false, when it
    is write-protected or no regular file, when the link points nowhere, and for every trouble of the disk.
    """
    with _as_storage_error(path):
        content = data.encode("utf-8") if isinstance(data, str) else data
        target = _real(path)
        mode = _check_target(target, overwrite)
        temporary = target.with_name(f".{target.name}.tmp")
        handle = _claim(temporary)
        try:
            _fill(handle, content, mode)
            _publish(temporary, target, overwrite)
        except BaseException:
            with contextlib.suppress(OSError):
                temporary.unlink()
            raise
        finally:
            os.close(handle)
        _sync_folder(target.parent)


def require_folder(path: Path) -> None:
    """Raise now the StorageError that writing a new file `path` would raise for want of its folder."""
    with _as_storage_error(path):
        if not stat.S_ISDIR(path.parent.stat().st_mode):
            raise NotADirectoryError(errno.ENOTDIR, os.strerror(errno.ENOTDIR))


@contextlib.contextmanager
def lock(path: Path) -> Iterator[None]:
    """Hold the advisory lock `.NAME.lock` of `path`, for reading, changing and writing it as one step.

    Waits up to ten seconds, then raises StorageError. The lock file is removed afterwards; one left by a kill locks
    nobody out. Where the platform or the disk knows no locks, this does nothing.
    """
    with _as_storage_error(path):
        target = _real(path)
        name = target.with_name(f".{target.name}.lock")
        handle = _claim(name)
    try:
        yield
    finally:
        with contextlib.suppress(OSError):
            name.unlink()
        os.close(handle)


def _real(path: Path) -> Path:
    """Where `path` leads; FileNotFoundError for a link to nothing."""
    return path.resolve(strict=True) if path.is_symlink() else path


def _check_target(target: Path, overwrite: bool) -> int | None:
    """The mode of an existing target, None when there is none; refuses what must not be replaced."""
    try:
        status = target.stat()
    except FileNotFoundError:
        return None
    if stat.S_ISDIR(status.st_mode):
        raise IsADirectoryError(errno.EISDIR, os.strerror(errno.EISDIR))
    if not overwrite:
        raise FileExistsError(errno.EEXIST, os.strerror(errno.EEXIST))
    if not stat.S_ISREG(status.st_mode):
        raise OSError(errno.EINVAL, "it is not a regular file")
    if not os.access(target, os.W_OK):
        raise PermissionError(errno.EACCES, "the file is write-protected")
    return stat.S_IMODE(status.st_mode)


def _claim(path: Path) -> int:
    """A handle on `path`, created if need be, with the exclusive lock on exactly the file that bears the name now."""
    deadline = time.monotonic() + LOCK_WAIT_S
    while True:
        handle = os.open(
            path, os.O_RDWR | os.O_CREAT | getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_CLOEXEC", 0), 0o666
        )
        try:
            if _try_lock(handle) and _bears_name(handle, path):
                return handle
            if time.monotonic() > deadline:
                raise OSError(errno.EWOULDBLOCK, "another program is writing it")
        except BaseException:
            os.close(handle)
            raise
        os.close(handle)
        time.sleep(_POLL_S)


def _try_lock(handle: int) -> bool:
    if fcntl is None:
        return True
    try:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    except OSError:  # a disk without locks, such as some network mounts
        return True
    return True


def _bears_name(handle: int, path: Path) -> bool:
    """Whether the locked file was neither renamed nor removed by its former holder meanwhile, and has one name only."""
    status = os.fstat(handle)
    if status.st_nlink > 1:  # killed between link and unlink in `_publish`: writing here would write the target
        path.unlink(missing_ok=True)
        return False
    try:
        return os.path.samestat(status, path.lstat())
    except FileNotFoundError:
        return False


def _fill(handle: int, content: bytes, mode: int | None) -> None:
    os.ftruncate(handle, 0)
    if mode is not None:
        os.fchmod(handle, mode)
    rest = memoryview(content)
    while rest:
        rest = rest[os.write(handle, rest) :]
    os.fsync(handle)


def _publish(temporary: Path, target: Path, overwrite: bool) -> None:
    if overwrite:
        temporary.replace(target)
        return
    try:
        target.hardlink_to(temporary)  # unlike a rename it refuses to replace what appeared in the meantime
    except OSError as error:
        if error.errno not in (errno.EPERM, errno.ENOTSUP, errno.ENOSYS, errno.EMLINK):
            raise
        temporary.replace(target)  # a disk without hard links
    else:
        temporary.unlink()


def _sync_folder(folder: Path) -> None:
    with contextlib.suppress(OSError):  # not every disk can; the data itself is safe already
        handle = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)


@contextlib.contextmanager
def _as_storage_error(path: Path) -> Iterator[None]:
    try:
        yield
    except FileExistsError as error:
        problem = Problem("file-exists", "the file exists already", str(path), remedy="choose another name")
        raise StorageError(problem) from error
    except OSError as error:
        cause = error.strerror or str(error)
        remedy = _REMEDIES.get(error.errno or 0, "")
        raise StorageError(
            Problem("file-not-written", f"cannot be written: {cause}", str(path), remedy=remedy)
        ) from error
    except ValueError as error:  # an odd name, or text with half a surrogate pair
        raise StorageError(Problem("file-not-written", f"cannot be written: {error}", str(path))) from error

import errno
import os
import random
import signal
import stat
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from scoper.errors import StorageError
from scoper.services import files
from scoper.services.files import lock, write_atomic

NOT_ROOT = pytest.mark.skipif(os.geteuid() == 0, reason="root may write everywhere")


def names(folder: Path) -> list[str]:
    return sorted(entry.name for entry in folder.iterdir())


def test_text_and_bytes_arrive_unchanged_and_nothing_else_stays_behind(tmp_path: Path) -> None:
    write_atomic(tmp_path / "a", "ä\r\n", overwrite=False)
    write_atomic(tmp_path / "b", b"\0\xff", overwrite=True)
    assert (tmp_path / "a").read_bytes() == b"\xc3\xa4\r\n"
    assert (tmp_path / "b").read_bytes() == b"\0\xff"
    assert names(tmp_path) == ["a", "b"]


def test_an_existing_file_is_not_replaced_unless_asked_for(tmp_path: Path) -> None:
    path = tmp_path / "a"
    path.write_text("old")
    with pytest.raises(StorageError, match=r"a: the file exists already \(choose another name\)"):
        write_atomic(path, "new", overwrite=False)
    assert path.read_text() == "old"
    write_atomic(path, "new", overwrite=True)
    assert path.read_text() == "new"
    assert names(tmp_path) == ["a"]


def test_a_file_that_appears_in_the_last_moment_is_not_replaced_either(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "a"
    publish = files._publish

    def late(*arguments: Any) -> None:
        path.write_text("theirs")
        publish(*arguments)

    monkeypatch.setattr(files, "_publish", late)
    with pytest.raises(StorageError, match="exists already"):
        write_atomic(path, "ours", overwrite=False)
    assert path.read_text() == "theirs"
    assert names(tmp_path) == ["a"]


def test_the_mode_of_an_overwritten_file_is_kept(tmp_path: Path) -> None:
    path = tmp_path / "a"
    path.write_text("old")
    path.chmod(0o640)
    write_atomic(path, "new", overwrite=True)
    assert stat.S_IMODE(path.stat().st_mode) == 0o640


def test_a_link_is_followed_and_stays_a_link(tmp_path: Path) -> None:
    (tmp_path / "sub").mkdir()
    target, link = tmp_path / "sub" / "target", tmp_path / "link"
    target.write_text("old")
    link.symlink_to(target)
    write_atomic(link, "new", overwrite=True)
    assert link.is_symlink()
    assert target.read_text() == "new"


def test_a_link_to_nothing_is_refused(tmp_path: Path) -> None:
    link = tmp_path / "link"
    link.symlink_to(tmp_path / "nowhere")
    with pytest.raises(StorageError, match="No such file"):
        write_atomic(link, "new", overwrite=True)
    assert names(tmp_path) == ["link"]


def test_a_link_planted_under_the_temporary_name_is_not_followed(tmp_path: Path) -> None:
    victim = tmp_path / "victim"
    victim.write_text("precious")
    (tmp_path / ".a.tmp").symlink_to(victim)
    with pytest.raises(StorageError):
        write_atomic(tmp_path / "a", "new", overwrite=True)
    assert victim.read_text() == "precious"


def test_a_temporary_file_left_as_second_name_of_the_target_does_no_harm(tmp_path: Path) -> None:
    path = tmp_path / "a"
    path.write_text("old")
    (tmp_path / ".a.tmp").hardlink_to(path)
    with path.open() as reader:
        write_atomic(path, "new", overwrite=True)
        assert reader.read() == "old"
    assert path.read_text() == "new"
    assert names(tmp_path) == ["a"]


@pytest.mark.parametrize(
    ("make", "words"),
    [
        (lambda folder: folder, "Is a directory (give the name of a file)"),
        (lambda folder: folder / "no" / "a", "No such file or directory (create the folder first)"),
        (lambda folder: folder / ("x" * 300), "File name too long (choose a shorter name)"),
        (lambda folder: folder / "a\0b", "null byte"),
        (lambda folder: folder / "file" / "a", "Not a directory (check the path)"),
    ],
)
def test_trouble_names_path_cause_and_remedy(tmp_path: Path, make: Callable[[Path], Path], words: str) -> None:
    (tmp_path / "file").write_text("")
    path = make(tmp_path)
    with pytest.raises(StorageError) as caught:
        write_atomic(path, "x", overwrite=True)
    assert str(caught.value).startswith(str(path))
    assert words in str(caught.value)


@NOT_ROOT
def test_a_write_protected_file_or_folder_is_respected(tmp_path: Path) -> None:
    path = tmp_path / "a"
    path.write_text("old")
    path.chmod(0o444)
    with pytest.raises(StorageError, match="write-protected"):
        write_atomic(path, "new", overwrite=True)
    path.chmod(0o644)
    tmp_path.chmod(0o555)
    with pytest.raises(StorageError, match="Permission denied"):
        write_atomic(path, "new", overwrite=True)
    tmp_path.chmod(0o755)
    assert path.read_text() == "old"


CALLS = ("open", "write", "fsync", "ftruncate", "fchmod")


def fail_at_call(patch: pytest.MonkeyPatch, nth: int, error: OSError) -> None:
    """Let the nth of all calls to the operating system fail."""
    made = 0

    def instead_of(original: Any) -> Any:
        def call(*arguments: Any, **named: Any) -> Any:
            nonlocal made
            made += 1
            if made == nth:
                raise error
            return original(*arguments, **named)

        return call

    for name in CALLS:
        patch.setattr(os, name, instead_of(getattr(os, name)))


@pytest.mark.slow
@pytest.mark.parametrize("cause", [errno.ENOSPC, errno.EIO, errno.EROFS])
@pytest.mark.parametrize("overwrite", [True, False])
def test_whichever_call_fails_the_old_or_the_new_content_stands_alone(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, cause: int, overwrite: bool
) -> None:
    path = tmp_path / "a"
    failures = 0
    for nth in range(1, 30):
        if overwrite:
            path.write_text("old")
        else:
            path.unlink(missing_ok=True)
        with monkeypatch.context() as patch:
            fail_at_call(patch, nth, OSError(cause, os.strerror(cause)))
            try:
                write_atomic(path, "new", overwrite=overwrite)
                failed = False
            except StorageError as error:
                failed = os.strerror(cause) in str(error)
        failures += failed
        content = path.read_text() if path.exists() else None
        assert content == ("new" if not failed else "old" if overwrite else None)
        assert names(tmp_path) == (["a"] if content else [])
    assert failures == (5 if overwrite else 4)  # open, ftruncate, fchmod of an existing file, write, fsync


@pytest.mark.slow
def test_two_writers_without_a_lock_still_leave_one_whole_content(tmp_path: Path) -> None:
    path = tmp_path / "a"

    def write(letter: str) -> None:
        for _ in range(40):
            write_atomic(path, letter * 50_000, overwrite=True)

    threads = [threading.Thread(target=write, args=(letter,)) for letter in "ab"]
    for thread in threads:
        thread.start()
    while any(thread.is_alive() for thread in threads):
        content = path.read_text() if path.exists() else "a" * 50_000
        assert content in ("a" * 50_000, "b" * 50_000)
    assert names(tmp_path) == ["a"]


@pytest.mark.slow
def test_the_lock_makes_read_change_write_one_step(tmp_path: Path) -> None:
    path = tmp_path / "count"
    path.write_text("0")

    def add() -> None:
        for _ in range(30):
            with lock(path):
                write_atomic(path, str(int(path.read_text()) + 1), overwrite=True)

    threads = [threading.Thread(target=add) for _ in range(3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert path.read_text() == "90"
    assert names(tmp_path) == ["count"]


def test_who_waits_too_long_for_the_lock_is_told_so(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(files, "LOCK_WAIT_S", 0.02)
    with lock(tmp_path / "a"), pytest.raises(StorageError, match="another program"), lock(tmp_path / "a"):
        pass


def test_a_lock_file_left_by_a_kill_locks_nobody_out(tmp_path: Path) -> None:
    (tmp_path / ".a.lock").write_text("")
    with lock(tmp_path / "a"):
        assert names(tmp_path) == [".a.lock"]
    assert names(tmp_path) == []


def test_without_fcntl_everything_but_the_waiting_works(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(files, "fcntl", None)
    with lock(tmp_path / "a"):
        write_atomic(tmp_path / "a", "x", overwrite=False)
    assert (tmp_path / "a").read_text() == "x"


WRITER = """
import sys
from pathlib import Path
from scoper.services.files import write_atomic
number = int(sys.argv[2])
while True:
    number += 1
    write_atomic(Path(sys.argv[1]), f"{number}:" + "x" * (number % 50_000) + ":end", overwrite=True)
    print(number, flush=True)
"""


@pytest.fixture
def writer(tmp_path: Path) -> Iterator[Callable[[int], "subprocess.Popen[str]"]]:
    started: list[subprocess.Popen[str]] = []

    def start(number: int) -> "subprocess.Popen[str]":
        command = [sys.executable, "-c", WRITER, str(tmp_path / "a"), str(number)]
        started.append(subprocess.Popen(command, stdout=subprocess.PIPE, text=True))
        return started[-1]

    yield start
    for process in started:
        process.kill()
        process.wait()


@pytest.mark.slow
def test_thirty_kills_leave_a_complete_file_and_lose_nothing_acknowledged(
    tmp_path: Path, writer: Callable[[int], "subprocess.Popen[str]"]
) -> None:
    rng = random.Random(7)
    acknowledged = 0
    for _ in range(30):
        process = writer(acknowledged)
        assert process.stdout is not None
        process.stdout.readline()
        time.sleep(rng.random() * 0.1)
        process.send_signal(signal.SIGKILL)
        lines = process.communicate()[0].split("\n")[:-1]
        acknowledged = max([acknowledged, *map(int, lines)])
        number, filling, end = (tmp_path / "a").read_text().split(":")
        assert (len(filling), end) == (int(number) % 50_000, "end")
        assert acknowledged <= int(number)
        assert set(names(tmp_path)) <= {"a", ".a.tmp"}
        acknowledged = int(number)
    assert acknowledged > 100

"""Own folder for what has to touch the disk, and output that is whole or absent.

Everything temporary lies in a folder of mode 0700 named after the process; folders of dead processes are swept when a
new one is made, since nothing is cleaned up after ``kill -9``. ``KUNJING_TMPDIR`` says where, else the system's.
"""

from __future__ import annotations

import contextlib
import errno
import os
import pathlib
import shutil
import sys
import tempfile
from collections.abc import Iterator
from typing import BinaryIO

from kunjing_exchange.errors import OutOfSpace, OutputExists

__all__ = ["open_output", "work_folder"]

_PREFIX = "kunjing-"


def _root() -> pathlib.Path:
    return pathlib.Path(os.environ.get("KUNJING_TMPDIR") or tempfile.gettempdir())


def _alive(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except (PermissionError, OSError):
        return True
    return True


def _sweep(root: pathlib.Path) -> None:
    if os.name != "posix":  # os.kill(pid, 0) ends the process on Windows
        return
    for folder in root.glob(f"{_PREFIX}*-*"):
        pid = folder.name.removeprefix(_PREFIX).split("-")[0]
        with contextlib.suppress(OSError):
            if pid.isdigit() and not _alive(int(pid)) and folder.stat().st_uid == os.getuid():
                shutil.rmtree(folder, ignore_errors=True)


@contextlib.contextmanager
def work_folder() -> Iterator[pathlib.Path]:
    """A private folder that is gone afterwards."""
    root = _root()
    _sweep(root)
    folder = pathlib.Path(tempfile.mkdtemp(prefix=f"{_PREFIX}{os.getpid()}-", dir=root))
    try:
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)


@contextlib.contextmanager
def open_output(path: str | os.PathLike[str], *, force: bool = False) -> Iterator[BinaryIO]:
    """Write ``path`` whole or not at all; ``-`` is standard output.

    The bytes go to a temporary file beside it, which takes its name only when everything went well.

    Raises:
        OutputExists: it is there already and ``force`` is not set.
        OutOfSpace: the disk is full.
    """
    if os.fspath(path) == "-":
        yield sys.stdout.buffer
        sys.stdout.buffer.flush()
        return
    target = pathlib.Path(path)
    if target.exists() and not force:
        raise OutputExists(
            f"输出文件已存在：{target}（用 --force 覆盖）",
            f"the output exists: {target} (--force overwrites)",
            path=str(target),
        )
    handle, name = tempfile.mkstemp(prefix=f".{target.name}.", dir=target.parent)
    try:
        with os.fdopen(handle, "w+b") as stream:
            yield stream
        mask = os.umask(0)
        os.umask(mask)
        os.chmod(name, 0o666 & ~mask)
        os.replace(name, target)
    except BaseException as error:
        with contextlib.suppress(OSError):
            os.unlink(name)
        if isinstance(error, OSError) and error.errno == errno.ENOSPC:
            raise OutOfSpace(str(target)) from None
        raise

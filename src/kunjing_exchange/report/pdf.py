"""Filled tables as PDF: the page, printed by a program that is installed."""

from __future__ import annotations

import os
import pathlib
import shutil
import subprocess
import tempfile
from collections.abc import Callable, Mapping, Sequence
from typing import BinaryIO

from kunjing_exchange.errors import ExchangeError, MissingProgram

__all__ = ["RENDERERS", "write_pdf"]

_BROWSERS = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "chrome", "msedge",
             "microsoft-edge")  # fmt: skip

_LONGEST = 300
"""Seconds after which a program that prints nothing is given up."""


def _browser(program: str, page: pathlib.Path, to: pathlib.Path) -> list[str]:
    return [
        program,
        "--headless",
        "--disable-gpu",
        "--disable-extensions",
        "--disable-background-networking",
        "--no-first-run",
        # The page loads nothing; that the browser itself does not either is made sure of.
        "--host-resolver-rules=MAP * ~NOTFOUND",
        f"--user-data-dir={page.parent / 'profile'}",
        "--no-pdf-header-footer",
        f"--print-to-pdf={to}",
        # The sandbox does not work for root. The page is our own and holds no script.
        *(["--no-sandbox"] if getattr(os, "geteuid", lambda: 1)() == 0 else []),
        page.as_uri(),
    ]


def _weasyprint(program: str, page: pathlib.Path, to: pathlib.Path) -> list[str]:
    return [program, str(page), str(to)]


RENDERERS: Mapping[str, Callable[[str, pathlib.Path, pathlib.Path], Sequence[str]]] = {
    **dict.fromkeys(_BROWSERS, _browser),
    "weasyprint": _weasyprint,
}
"""Programs that print a page, the first that is installed is taken, with the arguments of each."""


def write_pdf(page: str, stream: BinaryIO) -> None:
    """Print a page of HTML.

    Raises:
        MissingProgram: none of :data:`RENDERERS` is on the path.
        ExchangeError: the program failed.
    """
    program = next((found for name in RENDERERS if (found := shutil.which(name))), None)
    if program is None:
        raise MissingProgram(
            "chromium",
            "生成 PDF 需要浏览器：请安装 chromium、google-chrome 或 weasyprint；或写出 HTML 后用任一浏览器打印",
            "PDF needs a renderer: install chromium, google-chrome or weasyprint; or write HTML and print it with any "
            "browser",
        )
    arguments = RENDERERS[pathlib.Path(program).stem]
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as folder:
        source, made = pathlib.Path(folder, "page.html"), pathlib.Path(folder, "page.pdf")
        source.write_text(page, encoding="utf-8")
        try:
            done = subprocess.run(  # noqa: S603 - a program of the table above, arguments of our own
                arguments(program, source, made), stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL,
                stderr=subprocess.DEVNULL, timeout=_LONGEST, check=False,
            )  # fmt: skip
            status = str(done.returncode)
        except (OSError, subprocess.TimeoutExpired) as error:
            status = type(error).__name__
        content = made.read_bytes() if made.is_file() else b""
    if not content.startswith(b"%PDF-"):
        name = pathlib.Path(program).name
        raise ExchangeError(
            f"{name} 没有生成 PDF（{status}）；可写出 HTML 后用浏览器打印",
            f"{name} made no PDF ({status}); write HTML and print it with a browser",
            program=name,
        )
    stream.write(content)

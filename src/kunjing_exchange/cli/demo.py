"""``kunjing demo``: the main job on the bundled submission."""

from __future__ import annotations

import sys
from typing import Any

from kunjing_exchange.cli import terminal
from kunjing_exchange.cli.options import Say, add_verb


def add(verbs: Any, say: Say) -> None:
    """The verb's options."""
    parser = add_verb(
        verbs,
        say,
        "demo",
        say("用随附的示例县数据演示主要流程", "run the main job on the bundled county"),
        run,
        ("kunjing demo demo-out", "kunjing demo demo-out --force"),
    )
    parser.add_argument("folder", metavar=say("文件夹", "DIR"), help=say("结果放在这里", "where everything is left"))
    parser.add_argument("--force", action="store_true", help=say("覆盖已有的文件", "overwrite"))


def run(args: Any, say: Say) -> int:
    """Run it, telling each step."""
    from kunjing_exchange.demo import demo

    for line in demo(args.folder, lang=say("zh", "en"), force=args.force):
        print(line)
        sys.stdout.flush()
    terminal.note(say(f"文件在 {args.folder}", f"the files are in {args.folder}"))
    return 0

"""``kunjing doctor``: whether this installation can do its work."""

from __future__ import annotations

from typing import Any

from kunjing_exchange.cli import terminal
from kunjing_exchange.cli.options import Say, add_output, add_verb


def add(verbs: Any, say: Say) -> None:
    """The verb's options."""
    parser = add_verb(
        verbs,
        say,
        "doctor",
        say("检查本机的安装情况", "look whether this installation works"),
        run,
        ("kunjing doctor", "kunjing doctor --format json"),
    )
    parser.add_argument(
        "--format", choices=("text", "json"), default="text", help=say("结果的格式", "format of the result")
    )
    add_output(parser, say)


def run(args: Any, say: Say) -> int:
    """Look and tell; 1 where something is broken."""
    from kunjing_exchange.doctor import doctor

    lang = say("zh", "en")
    states = {
        "ok": (say("正常", "ok"), "good"),
        "notice": (say("注意", "notice"), "warning"),
        "broken": (say("有问题", "broken"), "error"),
    }
    checks = list(doctor())
    broken = any(check.state == "broken" for check in checks)
    with terminal.open_text(args.output, force=args.force) as stream:
        if args.format == "json":
            terminal.print_json({"ok": not broken, "checks": [check.as_dict(lang) for check in checks]}, stream)
        else:
            paint = terminal.painter(stream)
            for check in checks:
                word, colour = states[check.state]
                stream.write(f"{paint(word, colour)}  {check.name}: {check.as_dict(lang)['text']}\n")
    return int(broken)

"""The language of the command line, and the options that several verbs share. They are a promise to scripts."""

from __future__ import annotations

import argparse
import datetime
import os
import re
import sys
from collections.abc import Callable, Sequence
from typing import Any, NoReturn

__all__ = [
    "ENCODINGS",
    "FORMATS",
    "Parser",
    "Say",
    "add_actions",
    "add_as_of",
    "add_department_files",
    "add_input",
    "add_jobs",
    "add_layout",
    "add_output",
    "add_show_values",
    "add_verb",
    "count",
    "day",
    "language",
    "lexicon",
    "target",
]

Say = Callable[[str, str], str]
"""Picks the Chinese or the English text."""

Verbs = Any
"""What ``add_subparsers`` gives; argparse has no public name for it."""

FORMATS = ("xml", "json", "jsonl", "xlsx", "csv")
"""The same as ``kunjing_exchange.wire.FORMATS``, which is too heavy to import for a help text."""

ENCODINGS = ("utf-8", "gb18030")


def language(arguments: Sequence[str]) -> str:
    """``zh`` or ``en``: from ``--lang`` wherever it stands, else from the environment."""
    for position, argument in enumerate(arguments):
        name, equals, value = argument.partition("=")
        if name == "--lang":
            value = value if equals else "".join(arguments[position + 1 : position + 2])
            if value in ("zh", "en"):
                return value
    named = next((os.environ[name] for name in ("LC_ALL", "LC_MESSAGES", "LANG") if os.environ.get(name)), "")
    return "zh" if named.lower().startswith("zh") else "en"


def lexicon(lang: str) -> Say:
    """The picker for a language; ``lexicon("zh")("中", "en")`` is ``中``."""
    return (lambda zh, en: zh) if lang == "zh" else (lambda zh, en: en)


_ZH_ERRORS = (
    (r"the following arguments are required: (.*)", r"缺少参数：\1"),
    (r"unrecognized arguments: (.*)", r"无法识别的参数：\1"),
    (r"argument (.*): expected (?:one|at least one) argument", r"\1 后面缺少值"),
    (r"argument (.*): invalid choice: (.*) \(choose from (.*)\)", r"\1 不能是 \2，可选：\3"),
    (r"argument (.*): invalid \w+ value: (.*)", r"\1 的值 \2 不合要求"),
    (r"argument (.*): not allowed with argument (.*)", r"\1 不能与 \2 同用"),
)


class _Layout(argparse.RawDescriptionHelpFormatter):
    """Examples stay as they are written."""

    def __init__(self, prog: str, **more: Any) -> None:
        super().__init__(prog, max_help_position=30, **more)


class _ChineseLayout(_Layout):
    def add_usage(self, usage: Any, actions: Any, groups: Any, prefix: str | None = None) -> None:
        super().add_usage(usage, actions, groups, "用法：" if prefix is None else prefix)


class Parser(argparse.ArgumentParser):
    """An argument parser that speaks the chosen language, has ``--lang`` everywhere and abbreviates nothing."""

    def __init__(self, say: Say, **more: Any) -> None:
        self._chinese = say("zh", "en") == "zh"
        super().__init__(
            formatter_class=_ChineseLayout if self._chinese else _Layout,
            add_help=False,
            allow_abbrev=False,
            **more,
        )
        self._positionals.title = say("参数", "arguments")
        self._optionals.title = say("选项", "options")
        self.add_argument("-h", "--help", action="help", help=say("显示本说明", "show this help"))
        self.add_argument(
            "--lang", choices=("zh", "en"), default=argparse.SUPPRESS, help=say("界面语言", "language of texts")
        )

    def error(self, message: str) -> NoReturn:
        """A usage error: the usage and one line, exit status 2."""
        if self._chinese:
            for english, chinese in _ZH_ERRORS:
                message = re.sub(english, chinese, message)
        self.print_usage(sys.stderr)
        self.exit(2, f"{self.prog}: {message}\n")


def add_verb(
    verbs: Verbs, say: Say, name: str, summary: str, run: Callable[[Any, Say], int] | None, examples: Sequence[str] = ()
) -> Parser:
    """A verb's parser; ``examples`` end its help."""
    listed = "\n".join(f"  {example}" for example in examples)
    parser: Parser = verbs.add_parser(
        name,
        say=say,
        help=summary,
        description=summary,
        epilog=f"{say('示例：', 'examples:')}\n{listed}" if examples else None,
    )
    if run is not None:
        parser.set_defaults(run=run)
    return parser


def add_actions(parser: Parser, say: Say) -> Verbs:
    """Where the actions of a verb such as ``codes`` (``list``, ``show``) are added."""
    return parser.add_subparsers(dest="action", required=True, metavar=say("操作", "ACTION"), parser_class=Parser)


def add_input(parser: argparse.ArgumentParser, say: Say, *encoding_names: str) -> None:
    """FILE, its format and its encoding."""
    parser.add_argument(
        "file",
        metavar=say("文件", "FILE"),
        help=say("文件、CSV 文件夹，或 - 表示标准输入", "file, folder of CSV, or -"),
    )
    parser.add_argument(
        "--input-format", choices=FORMATS, help=say("输入格式（默认按内容识别）", "input format (default: by content)")
    )
    parser.add_argument(
        *encoding_names,
        dest="input_encoding",
        metavar=say("编码", "NAME"),
        help=say("输入编码（默认自动识别）", "input encoding (default: told by content)"),
    )


def add_output(parser: argparse.ArgumentParser, say: Say) -> None:
    """-o and --force."""
    parser.add_argument(
        "-o",
        "--output",
        metavar=say("文件", "FILE"),
        default="-",
        help=say("输出文件（默认标准输出）", "output file (default: standard output)"),
    )
    parser.add_argument("--force", action="store_true", help=say("覆盖已有的输出文件", "overwrite the output file"))


def add_jobs(parser: argparse.ArgumentParser, say: Say) -> None:
    """--jobs."""
    parser.add_argument(
        "--jobs",
        type=_positive,
        default=os.cpu_count() or 1,
        metavar="N",
        help=say(
            "读取大文件（XML、JSON Lines）的进程数，默认用全部处理器核",
            "processes that read a large file (XML, JSON Lines); default: all cores",
        ),
    )


def add_layout(parser: argparse.ArgumentParser, say: Say) -> None:
    """--layout and --local-codes: what a department's file is."""
    parser.add_argument(
        "--layout",
        metavar=say("部门格式", "NAME"),
        help=say(
            "部门格式，如 education:student（默认按内容识别）", "a department's layout, such as education:student"
        ),
    )
    _add_local_codes(parser, say)


def add_department_files(parser: argparse.ArgumentParser, say: Say) -> None:
    """FILE…, --layout for each and --local-codes: departments' files beside a submission."""
    parser.add_argument(
        "files", nargs="+", metavar=say("部门文件", "FILE"), help=say("部门数据文件", "departments' files")
    )
    parser.add_argument(
        "--layout",
        action="append",
        default=[],
        dest="layouts",
        metavar=say("部门格式", "NAME"),
        help=say(
            "部门格式，按文件次序逐个给出；auto 表示按内容识别（默认）",
            "layout of each file, in their order; auto: told by content (default)",
        ),
    )
    _add_local_codes(parser, say)


def _add_local_codes(parser: argparse.ArgumentParser, say: Say) -> None:
    parser.add_argument(
        "--local-codes",
        metavar=say("文件", "FILE"),
        help=say("当地自定代码的对照表（CSV：map,source,target）", "the place's own codes (CSV: map,source,target)"),
    )


def add_as_of(parser: argparse.ArgumentParser, say: Say) -> None:
    """--on and --division: what a department's file does not say itself."""
    parser.add_argument(
        "--on",
        type=day,
        metavar="YYYY-MM-DD",
        help=say("部门数据的截止日期（默认今天）", "day a department's data are as of (default: today)"),
    )
    parser.add_argument(
        "--division",
        type=_division,
        metavar="NNNNNN",
        help=say("部门所在县区代码（文件没有说明时）", "county of the department, where its file does not say"),
    )


def add_show_values(parser: argparse.ArgumentParser, say: Say) -> None:
    """--show-values."""
    parser.add_argument(
        "--show-values",
        action="store_true",
        help=say("显示字段原值（含个人信息）", "show values as they are (personal data)"),
    )


def count(text: str) -> int:
    """A number from 0, for ``type=``."""
    if not re.fullmatch("[0-9]{1,18}", text):
        raise ValueError
    return int(text)


def _positive(text: str) -> int:
    number = count(text)
    if number < 1:
        raise ValueError
    return number


def day(text: str) -> datetime.date:
    """An ISO day, for ``type=``."""
    if not re.fullmatch("[0-9]{4}-[0-9]{2}-[0-9]{2}", text):
        raise ValueError
    return datetime.date.fromisoformat(text)


def target(text: str) -> str:
    """A wire format, or the name of a department's layout or purpose, for ``type=``."""
    if text not in FORMATS and ":" not in text:
        raise ValueError
    return text


def _division(text: str) -> str:
    if not re.fullmatch("[0-9]{6}", text):
        raise ValueError
    return text


_positive.__name__ = "number"
_division.__name__ = "division"

"""``kunjing convert``: from any wire format to any other."""

from __future__ import annotations

import pathlib
from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

from kunjing_exchange.cli import terminal
from kunjing_exchange.cli.options import (
    ENCODINGS,
    FORMATS,
    Say,
    add_as_of,
    add_input,
    add_layout,
    add_output,
    add_show_values,
    add_verb,
    target,
)
from kunjing_exchange.errors import InvalidArgument, LossyConversion

if TYPE_CHECKING:
    from kunjing_exchange.findings import Finding

SHOWN = 100


def add(verbs: Any, say: Say) -> None:
    """The verb's options."""
    parser = add_verb(
        verbs,
        say,
        "convert",
        say("转换报送文件的格式", "convert a submission to another format"),
        run,
        (
            "kunjing convert county.xml -o county.xlsx",
            "kunjing convert fixtures/departments/nhsa-1101.json out.xml",
        ),
    )
    add_input(parser, say, "--input-encoding")
    parser.add_argument(
        "target", nargs="?", metavar=say("输出文件", "OUT"), help=say("输出文件，同 -o", "output file, the same as -o")
    )
    add_layout(parser, say)
    add_as_of(parser, say)
    add_output(parser, say)
    parser.add_argument(
        "--format",
        "--to",
        dest="format",
        type=target,
        metavar=f"{{{','.join(FORMATS)}}}",
        help=say(
            "输出格式，或部门格式、用途（如 education:student；默认看输出文件名）",
            "output format, or a department's layout or a purpose such as education:student (default: by the name)",
        ),
    )
    parser.add_argument(
        "--encoding", choices=ENCODINGS, default="utf-8", help=say("输出文本的编码", "encoding of text output")
    )
    parser.add_argument(
        "--lossless",
        action="store_true",
        help=say("若有内容无法带过去就不写出", "write nothing where anything would be lost"),
    )
    parser.add_argument(
        "--key-file",
        metavar=say("文件", "FILE"),
        help=say("假名的密钥文件（用途含假名时）", "file with the key of the pseudonyms, where a purpose has any"),
    )
    parser.add_argument(
        "--disclosure",
        metavar=say("文件", "FILE"),
        help=say(
            "按用途提供数据的记录（默认输出文件名加 .disclosure.json）",
            "record of what goes for a purpose (default: the output's name and .disclosure.json)",
        ),
    )
    parser.add_argument(
        "--supply",
        action="append",
        default=[],
        type=_pair,
        metavar=say("元素=值", "ELEMENT=TEXT"),
        help=say("部门报文中档案没有的元素，可多次给出", "an element of a department's message that no record holds"),
    )
    add_show_values(parser, say)


def _pair(text: str) -> tuple[str, str]:
    name, equals, value = text.partition("=")
    if not (name and equals):
        raise ValueError
    return name, value


_pair.__name__ = "pair"


def run(args: Any, say: Say) -> int:
    """Convert, and list what was lost."""
    from kunjing_exchange.convert import convert, format_of
    from kunjing_exchange.departments import local_codes

    if args.target is not None:
        if args.output != "-":
            raise InvalidArgument("输出文件给了两次", "the output is given twice")
        args.output = args.target
    chosen = args.format or format_of(args.output)
    if chosen in ("xlsx", "csv") or ":" in chosen:
        terminal.refuse_binary(args.output)
    try:
        conversion = convert(
            args.file,
            args.output,
            to=chosen,
            format=args.input_format,
            layout=args.layout,
            local=local_codes(args.local_codes) if args.local_codes else None,
            on=args.on,
            division=args.division,
            supplied=dict(args.supply),
            encoding=args.encoding,
            source_encoding=args.input_encoding,
            lossless=args.lossless,
            force=args.force,
            key=pathlib.Path(args.key_file).read_bytes().rstrip(b"\r\n") if args.key_file else None,
            disclosure=args.disclosure,
            show_values=args.show_values,
        )
    except LossyConversion as refusal:
        losses: Any = refusal.facts["losses"]
        _list(losses, len(losses), say)
        raise
    _list(conversion.losses, conversion.loss_count, say)
    terminal.note(
        say(
            f"已写出 {conversion.records} 条记录（{chosen}），丢失 {conversion.loss_count} 处",
            f"{conversion.records} records written as {chosen}, {conversion.loss_count} losses",
        )
    )
    return int(conversion.loss_count > 0)


def _list(losses: Iterable[Finding], count: int, say: Say) -> None:
    from kunjing_exchange.documents import finding_line

    for position, loss in enumerate(losses):
        if position == SHOWN:
            terminal.note(say(f"… 另有 {count - SHOWN} 处", f"… and {count - SHOWN} more"))
            return
        terminal.note(f"{say('丢失：', 'lost: ')}{loss.id}  {finding_line(loss, say('zh', 'en'))}")

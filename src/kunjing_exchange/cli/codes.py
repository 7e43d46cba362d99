"""``kunjing codes``: the code lists."""

from __future__ import annotations

import csv
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from kunjing_exchange.cli import terminal
from kunjing_exchange.cli.options import Say, add_actions, add_output, add_verb, day

if TYPE_CHECKING:
    from kunjing_exchange.codes import CodeList


_FOUND = ("code", "name_zh", "name_en", "valid_from", "valid_to")


def add(verbs: Any, say: Say) -> None:
    """The verb's options."""
    parser = add_verb(
        verbs,
        say,
        "codes",
        say("查代码表", "look codes up"),
        None,
        ("kunjing codes show sex --on 2017-09-30", "kunjing codes find 宛城区"),
    )
    actions = add_actions(parser, say)
    formats = ("text", "json", "csv")
    listing = add_verb(actions, say, "list", say("列出代码表", "list the code lists"), _list)
    shown = add_verb(actions, say, "show", say("显示一个代码表", "show one code list"), _show)
    shown.add_argument("name", metavar=say("代码表", "NAME"))
    shown.add_argument("--on", type=day, metavar="YYYY-MM-DD", help=say("只列当日有效的", "only those in force"))
    found = add_verb(actions, say, "find", say("按代码或名称查找", "find by code or name"), _find)
    found.add_argument("text", metavar=say("文字", "TEXT"))
    for one in (listing, shown, found):
        one.add_argument("--format", choices=formats, default="text", help=say("结果的格式", "format of the result"))
        add_output(one, say)


def _write(rows: Iterator[dict[str, Any]], args: Any) -> bool:
    """Print rows of one shape; false where there are none."""
    listed = list(rows)
    with terminal.open_text(args.output, force=args.force) as stream:
        if args.format == "json":
            terminal.print_json(listed, stream)
        elif listed and args.format == "csv":
            writer = csv.DictWriter(stream, list(listed[0]), lineterminator="\n")
            writer.writeheader()
            writer.writerows(listed)
        elif listed:
            stream.writelines(line + "\n" for line in terminal.columns([tuple(row.values()) for row in listed]))
    return bool(listed)


def _list(args: Any, say: Say) -> int:
    from kunjing_exchange.codes import code_list, list_names

    _write((_about(code_list(name), say) for name in list_names()), args)
    return 0


def _about(codes: CodeList, say: Say) -> dict[str, Any]:
    return {
        "name": codes.name,
        "title": say(codes.title_zh, codes.title_en),
        "standard": codes.standard,
        "edition": codes.edition,
        "codes": len(codes),
        "certainty": codes.certainty,
        "updated": codes.updated.isoformat() if codes.updated else "",
    }


def _show(args: Any, say: Say) -> int:
    from kunjing_exchange.codes import code_list

    codes = code_list(args.name)
    if args.on is None:
        _write(codes.rows(), args)
    else:
        lang = say("zh", "en")
        _write(
            (
                {
                    "code": code,
                    "name": codes.name_of(code, args.on, lang),
                    "parent": codes.parent_of(code, args.on) or "",
                }
                for code in codes
                if codes.is_valid(code, args.on)
            ),
            args,
        )
    return 0


def _find(args: Any, say: Say) -> int:
    if not _write(_matches(args.text.casefold()), args):
        terminal.note(say("没有找到", "nothing found"))
        return 1
    return 0


def _matches(text: str) -> Iterator[dict[str, Any]]:
    from kunjing_exchange.codes import code_list, list_names

    for name in list_names():
        for row in code_list(name).rows():
            if row["code"].casefold() == text or text in row["name_zh"] or text in row["name_en"].casefold():
                yield {"list": name, **{column: row[column] for column in _FOUND}}

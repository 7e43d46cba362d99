"""``kunjing codes``: the code lists."""

from __future__ import annotations

import csv
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from kunjing_exchange.cli import terminal
from kunjing_exchange.cli.options import Say, add_actions, add_output, add_verb, day

if TYPE_CHECKING:
    from kunjing_exchange.codes import CodeList, Crosswalk


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
    walked = add_verb(
        actions,
        say,
        "crosswalk",
        say("列出代码表之间的对照，或显示其中一个", "list the cross-walks between code lists, or show one"),
        _crosswalk,
        (
            "kunjing codes crosswalk id_document_type_edu id_document_type",
            "kunjing codes crosswalk disability_class disability_class_edu --format csv",
        ),
    )
    walked.add_argument(
        "source", nargs="?", metavar=say("源代码表", "SOURCE"), help=say("只写它则列出它的对照", "alone: list its own")
    )
    walked.add_argument("target", nargs="?", metavar=say("目标代码表", "TARGET"))
    for one in (listing, shown, found, walked):
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


def _crosswalk(args: Any, say: Say) -> int:
    from kunjing_exchange.codes import code_list, crosswalk, crosswalk_names

    if args.target is not None:
        walk = crosswalk(args.source, args.target)
        _write(_walk(walk, say("zh", "en")), args)
        if walk.note_zh:
            terminal.note(say(walk.note_zh, walk.note_en))
        return 0
    if args.source is not None:
        code_list(args.source)
    names = [pair for pair in crosswalk_names() if args.source is None or args.source in pair]
    if not _write((_about_walk(crosswalk(*pair), say) for pair in names), args):
        terminal.note(say("没有找到", "nothing found"))
        return 1
    return 0


def _walk(walk: Crosswalk, lang: str) -> Iterator[dict[str, Any]]:
    """Every code of the source list; one without a counterpart has an empty target."""
    from kunjing_exchange.codes import code_list

    source, target = code_list(walk.source), code_list(walk.target)
    for code in source:
        other = walk.forward(code)
        yield {
            "source_code": code,
            "source_name": source.name_of(code, lang=lang),
            "target_code": other or "",
            "target_name": "" if other is None else target.name_of(other, lang=lang),
            "loss": walk.loss(code, lang),
        }


def _about_walk(walk: Crosswalk, say: Say) -> dict[str, Any]:
    lang = say("zh", "en")
    return {
        "source": walk.source,
        "target": walk.target,
        "title": say(walk.title_zh, walk.title_en),
        "codes": len(walk.pairs),
        "with_loss": sum(bool(walk.loss(pair.source, lang)) for pair in walk.pairs),
        "unmapped": len(walk.unmapped()),
        "certainty": walk.certainty,
    }


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

"""``kunjing departments``: the layouts that departments exchange, and how they map."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from kunjing_exchange.cli import terminal
from kunjing_exchange.cli.options import Say, add_actions, add_output, add_verb

if TYPE_CHECKING:
    from kunjing_exchange.departments import Purpose


def add(verbs: Any, say: Say) -> None:
    """The verb's options."""
    parser = add_verb(
        verbs,
        say,
        "departments",
        say("查各部门的数据格式", "look up the departments' layouts"),
        None,
        ("kunjing departments show education:student", "kunjing departments purposes"),
    )
    actions = add_actions(parser, say)
    listing = add_verb(actions, say, "list", say("列出全部部门格式", "list all layouts"), _list)
    shown = add_verb(
        actions, say, "show", say("一个部门或一种格式的对照表", "the map of a department or layout"), _show
    )
    covered = add_verb(
        actions, say, "coverage", say("各格式的要素去向和可信度", "how much of each layout has a home"), _coverage
    )
    purposes = add_verb(
        actions, say, "purposes", say("向谁提供什么数据，为什么", "what may go to whom, and why"), _purposes
    )
    purposes.add_argument("name", metavar=say("用途", "NAME"), nargs="?", help=say("一个用途的详情", "one in full"))
    shown.add_argument("name", metavar=say("名称", "NAME"))
    for one in (listing, covered, purposes):
        one.add_argument("--format", choices=("text", "json"), default="text", help=say("结果的格式", "format"))
    for one in (listing, shown, covered, purposes):
        add_output(one, say)


def _list(args: Any, say: Say) -> int:
    from kunjing_exchange.departments import layouts

    with terminal.open_text(args.output, force=args.force) as stream:
        if args.format == "json":
            rows = [
                {
                    "name": one.name, "title": say(one.title_zh, one.title_en), "standard": one.standard,
                    "public": one.public, "formats": list(one.formats),
                }
                for one in layouts().values()
            ]  # fmt: skip
            terminal.print_json(rows, stream)
        else:
            table = [
                (one.name, say(one.title_zh, one.title_en), "/".join(one.formats),
                 one.standard if one.public else say("本项目自定", "own"))
                for one in layouts().values()
            ]  # fmt: skip
            stream.writelines(line + "\n" for line in terminal.columns(table))
    return 0


def _show(args: Any, say: Say) -> int:
    from kunjing_exchange.department_book import page
    from kunjing_exchange.departments import DEPARTMENTS, Department, department, layout

    if args.name in DEPARTMENTS:
        known = department(args.name)
    else:
        one = layout(args.name)
        owner = department(one.department)
        known = Department(owner.name, owner.title_zh, owner.title_en, {one.name: one})
    with terminal.open_text(args.output, force=args.force) as stream:
        stream.write(page(known) + "\n")
    return 0


def _purposes(args: Any, say: Say) -> int:
    from kunjing_exchange.departments import purpose, purposes

    with terminal.open_text(args.output, force=args.force) as stream:
        if args.name is None and args.format == "text":
            table = [
                (one.name, say(one.title_zh, one.title_en), say(one.recipient_zh, one.recipient_en),
                 say(f"{len(one.fields)} 项", f"{len(one.fields)} fields"))
                for one in purposes().values()
            ]  # fmt: skip
            stream.writelines(line + "\n" for line in terminal.columns(table))
        elif args.format == "text":
            stream.writelines(line + "\n" for line in _purpose_lines(purpose(args.name), say))
        else:
            found = purposes().values() if args.name is None else [purpose(args.name)]
            terminal.print_json([one.as_dict() for one in found], stream)
    return 0


def _purpose_lines(of: Purpose, say: Say) -> Iterator[str]:
    from kunjing_exchange.departments.purpose import PRECISIONS

    from_memory = say("（凭记忆，未核对原文）", " (from memory)")
    facts = (
        (say("用途", "purpose"), f"{of.name}  {say(of.title_zh, of.title_en)}"),
        (say("提供给", "to"), say(of.recipient_zh, of.recipient_en)),
        (say("为什么", "why"), say(of.why_zh, of.why_en)),
        *((say("依据", "basis"), one.clause + (from_memory if one.certainty == "memory" else "")) for one in of.basis),
        (say("格式", "layout"), f"{of.layout.name}  {'/'.join(of.layout.formats)}"),
        (say("只含", "only"), of.only or say("全部儿童", "every child")),
        *((say("受限项", "restricted"), f"{name}: {say(*reason)}") for name, reason in of.restricted.items()),
    )
    yield from terminal.columns(facts)
    yield ""
    yield from terminal.columns(
        (one.name, one.title, say(*PRECISIONS[of.fields[one.name]])) for one in of.view.elements
    )


def _coverage(args: Any, say: Say) -> int:
    from kunjing_exchange.department_book import DIRECTIONS, coverage
    from kunjing_exchange.departments import layouts

    found = [coverage(one) for one in layouts().values()]
    with terminal.open_text(args.output, force=args.force) as stream:
        if args.format == "json":
            terminal.print_json([one.as_dict() for one in found], stream)
        else:
            heads = (say("格式", "layout"), say("要素", "elements"), *(say(*DIRECTIONS[name]) for name in DIRECTIONS),
                     say("标准字段", "fields"), say("可信度", "certainty"))  # fmt: skip
            rows = [
                (one.layout, str(one.elements), *(str(one.by_direction.get(name, 0)) for name in DIRECTIONS),
                 str(len(one.fields)), " ".join(f"{name} {count}" for name, count in one.by_certainty.items()))
                for one in found
            ]  # fmt: skip
            stream.writelines(line + "\n" for line in terminal.columns([heads, *rows]))
    return 0

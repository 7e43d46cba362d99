"""``kunjing departments``: the layouts that departments exchange, and how they map."""

from __future__ import annotations

from typing import Any

from kunjing_exchange.cli import terminal
from kunjing_exchange.cli.options import Say, add_actions, add_output, add_verb


def add(verbs: Any, say: Say) -> None:
    """The verb's options."""
    parser = add_verb(
        verbs,
        say,
        "departments",
        say("查各部门的数据格式", "look up the departments' layouts"),
        None,
        ("kunjing departments list", "kunjing departments show education:student"),
    )
    actions = add_actions(parser, say)
    listing = add_verb(actions, say, "list", say("列出全部部门格式", "list all layouts"), _list)
    shown = add_verb(
        actions, say, "show", say("一个部门或一种格式的对照表", "the map of a department or layout"), _show
    )
    covered = add_verb(
        actions, say, "coverage", say("各格式的要素去向和可信度", "how much of each layout has a home"), _coverage
    )
    shown.add_argument("name", metavar=say("名称", "NAME"))
    for one in (listing, covered):
        one.add_argument("--format", choices=("text", "json"), default="text", help=say("结果的格式", "format"))
    for one in (listing, shown, covered):
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

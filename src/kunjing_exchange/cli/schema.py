"""``kunjing schema``: the schema files, and the referee."""

from __future__ import annotations

from typing import Any

from kunjing_exchange.cli import terminal
from kunjing_exchange.cli.options import Say, add_actions, add_output, add_show_values, add_verb

SHOWN = 100


def add(verbs: Any, say: Say) -> None:
    """The verb's options."""
    parser = add_verb(
        verbs,
        say,
        "schema",
        say("结构文件（XSD、JSON Schema、建表语句）与独立校验", "schema files, and a check by them alone"),
        None,
        ("kunjing schema show case_file.schema.json", "kunjing schema check county.xml"),
    )
    actions = add_actions(parser, say)
    listing = add_verb(actions, say, "list", say("列出结构文件", "list the schema files"), _list)
    add_output(listing, say)
    shown = add_verb(actions, say, "show", say("显示一个结构文件", "show one"), _show)
    shown.add_argument("name", metavar=say("名称", "NAME"))
    add_output(shown, say)
    written = add_verb(actions, say, "write", say("全部写入文件夹", "write them all into a folder"), _write)
    written.add_argument("folder", metavar=say("文件夹", "DIR"))
    written.add_argument("--force", action="store_true", help=say("覆盖已有的文件", "overwrite"))
    template = add_verb(
        actions,
        say,
        "template",
        say("空白的填报工作簿（需附加组件 xlsx）", "the empty workbook (extra xlsx)"),
        _template,
    )
    add_output(template, say)
    checked = add_verb(
        actions,
        say,
        "check",
        say(
            "只按结构文件校验（用 xmlschema 与 jsonschema，整份文档读入内存）",
            "check by the schemas alone (xmlschema, jsonschema; the whole document in memory)",
        ),
        _check,
    )
    checked.add_argument("file", metavar=say("文件", "FILE"), help="XML, JSON, JSON Lines; -")
    checked.add_argument("--encoding", metavar=say("编码", "NAME"), help=say("输入编码", "input encoding"))
    add_show_values(checked, say)
    add_output(checked, say)


def _list(args: Any, say: Say) -> int:
    from kunjing_exchange.schema import schema_files

    with terminal.open_text(args.output, force=args.force) as stream:
        stream.writelines(f"{name}\n" for name in schema_files())
    return 0


def _show(args: Any, say: Say) -> int:
    from kunjing_exchange.schema import schema_text

    text = schema_text(args.name)
    with terminal.open_text(args.output, force=args.force) as stream:
        stream.write(text)
    return 0


def _write(args: Any, say: Say) -> int:
    from kunjing_exchange.schema import write_schemas

    for path in write_schemas(args.folder, force=args.force):
        terminal.note(str(path))
    return 0


def _template(args: Any, say: Say) -> int:
    from kunjing_exchange.wire import open_output
    from kunjing_exchange.wire.sheet import write_template

    terminal.refuse_binary(args.output)
    with open_output(args.output, force=args.force) as stream:
        write_template(stream)
    return 0


def _check(args: Any, say: Say) -> int:
    from kunjing_exchange.schema import check_document

    count = 0
    with terminal.open_text(args.output, force=args.force) as stream:
        for count, error in enumerate(check_document(args.file, encoding=args.encoding), 1):
            if count <= SHOWN:
                detail = f"  {error.detail}" if args.show_values else ""
                stream.write(f"{error.path}  {error.rule}{detail}\n")
        stream.write(say(f"不合格：{count} 处", f"invalid: {count} errors") if count else say("合格", "valid"))
        stream.write("\n")
    return int(count > 0)

"""``kunjing rules``: the rule book, built-in findings included."""

from __future__ import annotations

from typing import Any

from kunjing_exchange.cli import terminal
from kunjing_exchange.cli.options import Say, add_actions, add_output, add_verb


def add(verbs: Any, say: Say) -> None:
    """The verb's options."""
    parser = add_verb(
        verbs,
        say,
        "rules",
        say("查规则", "look rules up"),
        None,
        ("kunjing rules list --format json", "kunjing rules show KJ-SYS-021"),
    )
    actions = add_actions(parser, say)
    listing = add_verb(actions, say, "list", say("列出全部规则", "list all rules"), _list)
    shown = add_verb(actions, say, "show", say("说明一条规则", "explain one rule"), _show)
    sql = add_verb(actions, say, "sql", say("显示一条规则的 SQL", "the SQL of one rule"), _sql)
    for one in (shown, sql):
        one.add_argument("id", metavar=say("编号", "ID"))
    for one in (listing, shown):
        one.add_argument("--format", choices=("text", "json"), default="text", help=say("结果的格式", "format"))
    for one in (listing, shown, sql):
        one.add_argument("--edition", metavar=say("版本", "NAME"), help=say("政策版本", "policy edition"))
        add_output(one, say)


def _edition(args: Any) -> Any:
    from kunjing_exchange import policy

    return policy.edition(args.edition or policy.DEFAULT_EDITION)


def _list(args: Any, say: Say) -> int:
    from kunjing_exchange.listing import severity_text
    from kunjing_exchange.rule_book import rule_book

    lang = say("zh", "en")
    book = rule_book(_edition(args))
    with terminal.open_text(args.output, force=args.force) as stream:
        if args.format == "json":
            terminal.print_json([entry.as_dict(lang) for entry in book.values()], stream)
        else:
            rows = (
                (one.id, severity_text(one.severity, lang), say(one.title_zh, one.title_en)) for one in book.values()
            )
            stream.writelines(f"{line}\n" for line in terminal.columns(rows))
    return 0


def _show(args: Any, say: Say) -> int:
    from kunjing_exchange.rule_book import entry

    shown = entry(args.id, _edition(args)).as_dict(say("zh", "en"))
    with terminal.open_text(args.output, force=args.force) as stream:
        if args.format == "json":
            terminal.print_json(shown, stream)
        else:
            for name, value in shown.items():
                stream.write(f"{name}: {', '.join(value) if isinstance(value, list) else value}\n")
    return 0


def _sql(args: Any, say: Say) -> int:
    from kunjing_exchange.errors import UnknownRule
    from kunjing_exchange.findings import BUILT_IN
    from kunjing_exchange.rules import bind, rule

    if args.id in BUILT_IN:
        raise UnknownRule(f"{args.id} 是内置检查，没有 SQL", f"{args.id} is built in and has no SQL")
    text = bind(rule(args.id).sql, _edition(args))
    with terminal.open_text(args.output, force=args.force) as stream:
        stream.write(text + ";\n")
    return 0

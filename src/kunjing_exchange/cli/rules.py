"""``kunjing rules``: the rule book, built-in findings included."""

from __future__ import annotations

from typing import Any

from kunjing_exchange.cli import terminal
from kunjing_exchange.cli.options import Say, add_actions, add_output, add_verb

DIALECTS = ("duckdb", "postgres", "spark")
"""The same as ``kunjing_exchange.dialect.DIALECTS``, which is too heavy to import for a help text."""


def add(verbs: Any, say: Say) -> None:
    """The verb's options."""
    parser = add_verb(
        verbs,
        say,
        "rules",
        say("查规则", "look rules up"),
        None,
        ("kunjing rules explain KJ-BEN-001", "kunjing rules coverage"),
    )
    actions = add_actions(parser, say)
    listing = add_verb(actions, say, "list", say("列出全部规则", "list all rules"), _list)
    shown = add_verb(actions, say, "show", say("一条规则的登记项", "the entry of one rule"), _show)
    explained = add_verb(
        actions,
        say,
        "explain",
        say("用文字、样例和 SQL 说明一条规则", "explain one rule in words, examples and SQL"),
        _explain,
    )
    sql = add_verb(actions, say, "sql", say("显示一条规则的 SQL", "the SQL of one rule"), _sql)
    coverage = add_verb(
        actions, say, "coverage", say("哪些条款由哪些规则检查", "which clauses are held by which rules"), _coverage
    )
    for one in (shown, explained, sql):
        one.add_argument("id", metavar=say("编号", "ID"))
    for one in (listing, shown, explained, coverage):
        one.add_argument("--format", choices=("text", "json"), default="text", help=say("结果的格式", "format"))
    sql.add_argument(
        "--dialect",
        choices=DIALECTS,
        help=say(
            "译为该数据库的完整语句（政策参数写在语句内）",
            "a complete statement for that database, parameters included",
        ),
    )
    for one in (listing, shown, explained, sql, coverage):
        one.add_argument("--edition", metavar=say("版本", "NAME"), help=say("政策版本", "policy edition"))
        add_output(one, say)


def _edition(args: Any) -> Any:
    from kunjing_exchange import policy

    return policy.edition(args.edition or policy.DEFAULT_EDITION)


def _list(args: Any, say: Say) -> int:
    from kunjing_exchange.documents import severity_text
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

    return _print(args, entry(args.id, _edition(args)).as_dict(say("zh", "en")))


def _explain(args: Any, say: Say) -> int:
    from kunjing_exchange.rule_book import explained

    return _print(args, explained(args.id, _edition(args), say("zh", "en")))


def _print(args: Any, facts: dict[str, Any]) -> int:
    with terminal.open_text(args.output, force=args.force) as stream:
        if args.format == "json":
            terminal.print_json(facts, stream)
        else:
            for name, value in facts.items():
                text = ", ".join(value) if isinstance(value, list) else str(value)
                stream.write(f"{name}:\n{text}\n" if "\n" in text else f"{name}: {text.strip()}\n")
    return 0


def _sql(args: Any, say: Say) -> int:
    from kunjing_exchange.errors import UnknownRule
    from kunjing_exchange.findings import BUILT_IN
    from kunjing_exchange.rules import bind, rule

    if args.id in BUILT_IN:
        raise UnknownRule(f"{args.id} 是内置检查，没有 SQL", f"{args.id} is built in and has no SQL")
    if args.dialect:
        from kunjing_exchange.dialect import portable_sql

        text = portable_sql(rule(args.id), _edition(args), args.dialect)
    else:
        text = bind(rule(args.id).sql, _edition(args))
    with terminal.open_text(args.output, force=args.force) as stream:
        stream.write(text + ";\n")
    return 0


def _coverage(args: Any, say: Say) -> int:
    from kunjing_exchange.coverage import coverage

    lang = say("zh", "en")
    clauses = coverage()
    with terminal.open_text(args.output, force=args.force) as stream:
        if args.format == "json":
            terminal.print_json([one.as_dict(lang) for one in clauses], stream)
        else:
            for one in clauses:
                held = (
                    say("缺", "OPEN") if one.is_open else say("有规则", "held") if one.rules else say("说明", "excused")
                )
                stream.write(f"{one.document} {one.clause} [{held}] {say(one.summary_zh, one.summary_en)}\n")
                more = (" ".join(one.rules), say(one.left_zh, one.left_en), say(one.excuse_zh, one.excuse_en))
                stream.writelines(f"    {text}\n" for text in more if text)
            left = [one for one in clauses if one.is_open]
            stream.write(
                say(
                    f"{len(clauses)} 条：{len(left)} 条既无规则也无说明\n",
                    f"{len(clauses)} clauses, {len(left)} neither held nor excused\n",
                )
            )
    return int(any(one.is_open for one in clauses))

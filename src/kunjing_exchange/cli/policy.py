"""``kunjing policy``: the policy editions, what they ask as SQL, and a place's own overlay."""

from __future__ import annotations

import datetime
from collections.abc import Iterator
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from kunjing_exchange.cli import terminal
from kunjing_exchange.cli.options import Say, add_actions, add_output, add_verb, day
from kunjing_exchange.cli.rules import DIALECTS

if TYPE_CHECKING:
    from kunjing_exchange.policy import Edition


def add(verbs: Any, say: Say) -> None:
    """The verb's options."""
    parser = add_verb(
        verbs,
        say,
        "policy",
        say("查政策版本，检查地方政策文件", "look policy editions up, check a place's own policy file"),
        None,
        (
            "kunjing policy list",
            "kunjing policy sql orphan_allowance --on 2017-09-30 --dialect postgres",
        ),
    )
    actions = add_actions(parser, say)
    listing = add_verb(actions, say, "list", say("列出政策版本", "list the editions"), _list)
    shown = add_verb(actions, say, "show", say("显示一个版本的全部内容", "show all that an edition fixes"), _show)
    shown.add_argument("name", metavar=say("版本", "NAME"))
    checked = add_verb(
        actions, say, "check", say("检查地方政策文件（TOML）", "check a place's policy file (TOML)"), _check
    )
    checked.add_argument("file", metavar=say("文件", "FILE"))
    checked.add_argument(
        "--on",
        type=day,
        metavar="YYYY-MM-DD",
        help=say("按哪一天判断是否到期（默认今天）", "day by which entries may have run out (default: today)"),
    )
    for one in (listing, shown, checked):
        one.add_argument("--format", choices=("text", "json"), default="text", help=say("结果的格式", "format"))
    sql = add_verb(
        actions,
        say,
        "sql",
        say("判断一个类别或一项待遇的完整 SQL 语句", "the complete SQL that answers a category or an entitlement"),
        _sql,
    )
    sql.add_argument("question", metavar=say("类别或待遇", "QUESTION"))
    sql.add_argument(
        "--on", type=day, required=True, metavar="YYYY-MM-DD", help=say("以哪一天为准", "the day to judge on")
    )
    sql.add_argument("--dialect", choices=DIALECTS, default="duckdb", help=say("数据库", "the database"))
    sql.add_argument("--edition", metavar=say("版本", "NAME"), help=say("政策版本", "policy edition"))
    for one in (listing, shown, checked, sql):
        add_output(one, say)


def _title(one: Edition, say: Say) -> str:
    return say(one.title_zh, one.title_en)


def _plain(value: object) -> object:
    return str(value) if isinstance(value, Decimal | datetime.date) else value


def _list(args: Any, say: Say) -> int:
    from kunjing_exchange.policy import edition, edition_names

    editions = [edition(name) for name in edition_names()]
    with terminal.open_text(args.output, force=args.force) as stream:
        if args.format == "json":
            terminal.print_json([_about(one, say) for one in editions], stream)
            return 0
        rows = ((one.name, one.valid_from, _title(one, say), one.source) for one in editions)
        stream.writelines(f"{line}\n" for line in terminal.columns(rows))
        for one in editions:
            if one.memory:
                stream.write(
                    say(
                        f"{one.name}：{len(one.memory)} 项凭记忆写成，待核对（kunjing policy show {one.name}）\n",
                        f"{one.name}: {len(one.memory)} facts are from memory (kunjing policy show {one.name})\n",
                    )
                )
            stream.writelines(f"{one.name}{say('：', ': ')}{say(*text)}\n" for text in one.not_at_hand)
    return 0


def _about(one: Edition, say: Say) -> dict[str, object]:
    return {
        "name": one.name,
        "title": _title(one, say),
        "source": one.source,
        "valid_from": one.valid_from.isoformat(),
        "extends": one.extends,
        "scheme": one.scheme,
        "memory": sorted(one.memory),
        "not_at_hand": [say(*text) for text in one.not_at_hand],
    }


def _show(args: Any, say: Say) -> int:
    from kunjing_exchange.policy import edition

    one = edition(args.name)
    with terminal.open_text(args.output, force=args.force) as stream:
        if args.format == "json":
            terminal.print_json(_whole(one, say), stream)
        else:
            stream.writelines(f"{line}\n" for line in _lines(one, say))
    return 0


def _whole(one: Edition, say: Say) -> dict[str, object]:
    return {
        **_about(one, say),
        "leap_birthday": one.leap_birthday,
        "parameters": {name: _plain(value) for name, value in one.parameters.items()},
        "tighten": dict(one.tighten),
        "time_limits": [
            {
                "step": limit.step,
                "days": limit.days,
                "working": limit.working,
                "clause": limit.clause,
                "certainty": limit.certainty,
            }
            for limit in one.time_limits.values()
        ],
        "unattended_situations": dict(one.unattended_situations),
        "compatibility": [
            {
                "kinds": [pair.kind_a, pair.kind_b],
                "relation": pair.relation,
                "clause": pair.clause,
                "memory": pair.memory,
            }
            for pair in one.compatibility
        ],
        "code_editions": dict(one.code_editions),
        "locked": sorted(one.locked),
        "severities": {rule: severity.value for rule, severity in one.severities.items()},
    }


def _lines(one: Edition, say: Say) -> Iterator[str]:
    mark = say("（凭记忆）", " (from memory)")

    def marked(key: str) -> str:
        return mark if key in one.memory else ""

    yield f"{one.name}  {_title(one, say)}"
    yield f"{say('依据', 'source')}: {one.source}"
    yield f"{say('施行', 'in force from')}: {one.valid_from}{marked('valid_from')}"
    if one.extends is not None:
        yield f"{say('在其基础上修改', 'extends')}: {one.extends}"
    yield from (say(*text) for text in one.not_at_hand)
    yield f"\n{say('参数', 'parameters')}"
    yield from terminal.columns(
        (f"  {name}", f"{value}{marked(f'parameters.{name}')}") for name, value in one.parameters.items()
    )
    yield f"\n{say('办理时限', 'time limits')}"
    yield from terminal.columns(
        (
            f"  {limit.step}",
            limit.days,
            say("个工作日", "working days") if limit.working else say("日", "days"),
            f"{limit.clause}{marked(f'time_limits.{limit.step}')}",
        )
        for limit in one.time_limits.values()
    )
    if one.unattended_situations:
        from kunjing_exchange.codes import code_list

        names, lang = code_list("parent_situation"), say("zh", "en")
        yield f"\n{say('事实无人抚养：父母情形（至少几个月）', 'without actual care: situations (months at least)')}"
        yield from terminal.columns(
            (f"  {code}", names.name_of(code, lang=lang), months or "")
            for code, months in one.unattended_situations.items()
        )
    yield f"\n{say('待遇能否同时享受', 'benefits drawn together')}"
    yield from terminal.columns(
        (f"  {pair.kind_a}", pair.kind_b, _relation(pair.relation, say), pair.clause + (mark if pair.memory else ""))
        for pair in one.compatibility
    )
    yield f"\n{say('锁定的规则', 'locked rules')}"
    yield f"  {', '.join(sorted(one.locked))}"


def _relation(relation: str, say: Say) -> str:
    return say(
        {"exclusive": "不得同时", "higher": "择高", "top_up": "补差", "together": "可同时"}[relation],
        relation.replace("_", " "),
    )


def _check(args: Any, say: Say) -> int:
    from kunjing_exchange.policy import check_overlay

    problems = check_overlay(args.file, args.on)
    lang = say("zh", "en")
    with terminal.open_text(args.output, force=args.force) as stream:
        if args.format == "json":
            terminal.print_json(
                [
                    {
                        "key": problem.key,
                        "message": say(problem.zh, problem.en),
                        "fix": say(problem.fix_zh, problem.fix_en),
                        "expired": problem.expired,
                    }
                    for problem in problems
                ],
                stream,
            )
        elif problems:
            stream.writelines(f"{problem.text(lang)}\n" for problem in problems)
        else:
            stream.write(say("没有问题\n", "nothing wrong\n"))
    return int(bool(problems))


def _sql(args: Any, say: Say) -> int:
    from kunjing_exchange import policy
    from kunjing_exchange.assess import answer_sql, edition_on, question_of
    from kunjing_exchange.dialect import portable_answer

    edition = edition_on(policy.edition(args.edition or policy.DEFAULT_EDITION), args.on)
    question = question_of(args.question, edition)
    text = portable_answer(question, answer_sql(question, edition, args.on), edition, args.dialect)
    with terminal.open_text(args.output, force=args.force) as stream:
        stream.write(text + ";\n")
    return 0

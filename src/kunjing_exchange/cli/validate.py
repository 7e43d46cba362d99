"""``kunjing validate``: everything that is wrong with a submission."""

from __future__ import annotations

import contextlib
import shutil
import sys
from typing import TYPE_CHECKING, Any

from kunjing_exchange.cli import terminal
from kunjing_exchange.cli.options import (
    Say,
    add_input,
    add_jobs,
    add_layout,
    add_output,
    add_show_values,
    add_verb,
    count,
    day,
)
from kunjing_exchange.errors import InvalidArgument

if TYPE_CHECKING:
    from kunjing_exchange.documents import Review

DOCUMENTS = ("text", "json", "jsonl", "csv", "sarif", "junit", "html", "xlsx")
SHOWN_PER_ID = 100
FAIL_ON = ("error", "warning", "info", "never")


def add(verbs: Any, say: Say) -> None:
    """The verb's options."""
    parser = add_verb(
        verbs,
        say,
        "validate",
        say("校验报送文件：结构、代码、证件号码和政策规则", "check a submission: schema, codes, identifiers, rules"),
        run,
        ("kunjing validate county.xml", "kunjing validate county.xml --format json -o findings.json --fail-on never"),
    )
    add_input(parser, say, "--encoding", "--input-encoding")
    add_output(parser, say)
    parser.add_argument(
        "--format",
        choices=DOCUMENTS,
        default="text",
        help=say(
            "结果的格式（xlsx：标注后的工作簿，须用 -o）", "format of the result (xlsx: the workbook marked; wants -o)"
        ),
    )
    parser.add_argument("--edition", metavar=say("版本", "NAME"), help=say("政策版本", "policy edition"))
    parser.add_argument(
        "--policy", metavar=say("文件", "FILE"), help=say("本地政策补充（TOML）", "a place's own overlay (TOML)")
    )
    parser.add_argument(
        "--shadow",
        metavar=say("版本", "NAME"),
        help=say("试行另一政策版本：列出新增或加重的问题", "try another edition: say who would newly fail"),
    )
    parser.add_argument(
        "--previous",
        metavar="FINDINGS.json",
        help=say(
            "与以前的结果（--format json）比较：新增、仍未更正、已更正",
            "compare with an earlier --format json: new, still open, fixed",
        ),
    )
    parser.add_argument(
        "--against",
        metavar=say("上次报送", "PREVIOUS"),
        help=say(
            "与上次报送比较（任何格式）：缺失的档案、被改的身份信息和发放记录等",
            "compare with the submission before, in any format: files missing, identities and payments changed",
        ),
    )
    parser.add_argument(
        "--answers",
        metavar=say("文件", "FILE"),
        help=say("对提醒的答复（TOML 或 JSON）", "answers that explain warnings (TOML or JSON)"),
    )
    add_layout(parser, say)
    parser.add_argument(
        "--as-of",
        type=day,
        metavar="YYYY-MM-DD",
        help=say(
            "没有报送头时的截止日期；答复的有效期也按此日", "day of judging where there is no header, and of answers"
        ),
    )
    parser.add_argument(
        "--max-findings",
        type=count,
        metavar="N",
        help=say(
            f"最多列出几条（text、junit 为每个编号 {SHOWN_PER_ID} 条，html 20000，xlsx 5000，其余全部）",
            f"how many to list (text, junit: {SHOWN_PER_ID} of each id; html 20000; xlsx 5000; else all)",
        ),
    )
    parser.add_argument(
        "--fail-on",
        choices=FAIL_ON,
        default="error",
        help=say("达到此级别即退出码 1", "exit status 1 from this severity up"),
    )
    add_show_values(parser, say)
    add_jobs(parser, say)


def run(args: Any, say: Say) -> int:
    """Validate and print."""
    import datetime

    from kunjing_exchange import policy
    from kunjing_exchange.departments import local_codes
    from kunjing_exchange.documents import AnswerFile, Review, read_answers
    from kunjing_exchange.findings import Severity, Verdict
    from kunjing_exchange.validate import validate

    if args.format == "xlsx" and args.output == "-":
        raise InvalidArgument("xlsx 须用 -o 指定文件", "xlsx wants a file: give one with -o")
    if args.against == args.file == "-":
        raise InvalidArgument("标准输入只能用于一个文件", "standard input can be one of the two files only")
    answers = read_answers(args.answers) if args.answers is not None else None
    with contextlib.ExitStack() as stack:
        source = _spooled(stack) if args.format == "xlsx" and args.file == "-" else args.file
        stream = stack.enter_context(_open(args))
        with terminal.progress(say("读取", "reading")) as shown:
            findings = stack.enter_context(
                validate(
                    source,
                    edition=args.edition or policy.DEFAULT_EDITION,
                    format=args.input_format,
                    encoding=args.input_encoding,
                    as_of=args.as_of,
                    layout=args.layout,
                    local=local_codes(args.local_codes) if args.local_codes else None,
                    against=args.against,
                    show_values=args.show_values,
                    overlay=args.policy,
                    shadow=args.shadow,
                    jobs=args.jobs,
                    progress=shown,
                )
            )
        today = args.as_of or datetime.date.today()
        answered = AnswerFile(answers, today) if answers is not None else None
        review = stack.enter_context(Review(findings, previous=args.previous, answers=answered))
        _write(review, stream, source, args, say)
        if findings.verdict is Verdict.UNDETERMINED:
            return 2
        worst = review.worst()
        return int(args.fail_on != "never" and worst is not None and worst.rank >= Severity(args.fail_on).rank)


def _spooled(stack: contextlib.ExitStack) -> str:
    """Standard input as a file: a workbook is read twice, for its findings and to be marked."""
    from kunjing_exchange.wire import work_folder

    path = stack.enter_context(work_folder()) / "stdin"
    with path.open("wb") as spool:
        shutil.copyfileobj(sys.stdin.buffer, spool)
    return str(path)


def _open(args: Any) -> contextlib.AbstractContextManager[Any]:
    if args.format == "xlsx":
        from kunjing_exchange.wire import open_output

        return open_output(args.output, force=args.force)
    # These say in themselves, or by custom, that they are UTF-8.
    utf8 = args.format in ("csv", "sarif", "junit", "html")
    return terminal.open_text(args.output, force=args.force, utf8=utf8)


def _write(review: Review, stream: Any, source: str, args: Any, say: Say) -> None:
    from kunjing_exchange import documents
    from kunjing_exchange.findings import Severity

    lang = say("zh", "en")
    file = "<stdin>" if args.file == "-" else args.file
    limit = {} if args.max_findings is None else {"limit": args.max_findings}
    if args.format == "json":
        documents.write_json(review, stream, file=file, lang=lang, **limit)
    elif args.format == "jsonl":
        documents.write_json_lines(review, stream, lang=lang, **limit)
    elif args.format == "csv":
        documents.write_csv(review, stream, lang=lang, **limit)
    elif args.format == "sarif":
        documents.write_sarif(review, stream, file=file, lang=lang, **limit)
    elif args.format == "junit":
        fail_on = Severity(args.fail_on) if args.fail_on != "never" else None
        documents.write_junit(review, stream, file=file, lang=lang, fail_on=fail_on, **limit)
    elif args.format == "html":
        documents.write_html(review, stream, file=file, lang=lang, **limit)
    elif args.format == "xlsx":
        documents.write_workbook(
            review,
            stream,
            source,
            file=file,
            lang=lang,
            format=args.input_format,
            encoding=args.input_encoding,
            **limit,
        )
    else:
        documents.write_text(review, stream, file=file, lang=lang, paint=terminal.painter(stream), **limit)

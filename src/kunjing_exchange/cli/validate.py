"""``kunjing validate``: everything that is wrong with a submission."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Any, TextIO

from kunjing_exchange.cli import terminal
from kunjing_exchange.cli.options import Say, add_input, add_jobs, add_output, add_show_values, add_verb, day

if TYPE_CHECKING:
    from kunjing_exchange.findings import Finding, Verdict
    from kunjing_exchange.rules import RuleOutcome
    from kunjing_exchange.validate import Findings

SHOWN_PER_ID = 100
FAIL_ON = ("error", "warning", "info", "never")


def add(verbs: Any, say: Say) -> None:
    """The verb's options."""
    parser = add_verb(
        verbs,
        say,
        "validate",
        say("校验报送文件:结构、代码、证件号码和政策规则", "check a submission: schema, codes, identifiers, rules"),
        run,
        ("kunjing validate county.xml", "kunjing validate county.xml --format json -o findings.json --fail-on never"),
    )
    add_input(parser, say, "--encoding", "--input-encoding")
    add_output(parser, say)
    parser.add_argument(
        "--format", choices=("text", "json", "jsonl"), default="text", help=say("结果的格式", "format of the result")
    )
    parser.add_argument("--edition", metavar=say("版本", "NAME"), help=say("政策版本", "policy edition"))
    parser.add_argument(
        "--as-of",
        type=day,
        metavar="YYYY-MM-DD",
        help=say("没有报送头时的截止日期", "day of judging where there is no header"),
    )
    parser.add_argument(
        "--max-findings",
        type=int,
        metavar="N",
        help=say(
            f"最多列出几条(text 为每个编号 {SHOWN_PER_ID} 条,其余格式默认全部)",
            f"how many to list (text: {SHOWN_PER_ID} of each id; else all)",
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
    from kunjing_exchange import policy
    from kunjing_exchange.findings import Severity, Verdict
    from kunjing_exchange.validate import validate

    with validate(
        args.file,
        edition=args.edition or policy.DEFAULT_EDITION,
        format=args.input_format,
        encoding=args.input_encoding,
        as_of=args.as_of,
        show_values=args.show_values,
    ) as findings:
        write = {"text": _write_text, "json": _write_json, "jsonl": _write_json_lines}[args.format]
        with terminal.open_text(args.output, force=args.force) as stream:
            write(findings, args, say, stream)
        if findings.verdict is Verdict.UNDETERMINED:
            return 2
        worst = findings.worst()
        return int(args.fail_on != "never" and worst is not None and worst.rank >= Severity(args.fail_on).rank)


def _name(args: Any) -> str:
    return "<stdin>" if args.file == "-" else args.file


def _outcome(outcome: RuleOutcome, say: Say) -> dict[str, object]:
    return {
        "id": outcome.rule,
        "outcome": outcome.outcome,
        "findings": outcome.findings,
        "not_evaluated": outcome.not_evaluated,
        "reason": say(outcome.reason_zh, outcome.reason_en),
    }


def _listed(findings: Findings, limit: int | None) -> Iterator[Finding]:
    for position, finding in enumerate(findings):
        if limit is not None and position >= limit:
            return
        yield finding


def _write_json(findings: Findings, args: Any, say: Say, stream: TextIO) -> None:
    """One document, its findings written one by one."""
    head = {
        "verdict": findings.verdict.value,
        "edition": findings.edition.name,
        "file": _name(args),
        "summary": findings.summary.as_dict(),
        "rules": [_outcome(outcome, say) for outcome in findings.rules.values()],
    }
    stream.write(terminal.json_text(head, stream, indent=2).removesuffix("\n}") + ',\n  "findings": [')
    separator = "\n    "
    for finding in _listed(findings, args.max_findings):
        stream.write(separator + terminal.json_text(finding.as_dict(say("zh", "en")), stream))
        separator = ",\n    "
    stream.write("]\n}\n" if separator == "\n    " else "\n  ]\n}\n")


def _write_json_lines(findings: Findings, args: Any, say: Say, stream: TextIO) -> None:
    for finding in _listed(findings, args.max_findings):
        stream.write(terminal.json_text(finding.as_dict(say("zh", "en")), stream) + "\n")
    last = {"verdict": findings.verdict.value, "summary": findings.summary.as_dict()}
    stream.write(terminal.json_text(last, stream) + "\n")


# --- text ------------------------------------------------------------------------------------------------------------


def verdict_text(verdict: Verdict, say: Say) -> str:
    """A verdict in words."""
    return {
        "accepted": say("接受", "accepted"),
        "accepted_with_warnings": say("接受,有提醒", "accepted with warnings"),
        "partly_accepted": say("部分接受", "partly accepted"),
        "rejected": say("退回", "rejected"),
        "undetermined": say("不能确定", "undetermined"),
    }[verdict.value]


def severity_text(severity: str, say: Say) -> str:
    """A severity in words."""
    return {"error": say("错误", "error"), "warning": say("提醒", "warning"), "info": say("说明", "info")}[severity]


def _write_text(findings: Findings, args: Any, say: Say, stream: TextIO) -> None:
    summary, counts = findings.summary, findings.summary.by_severity
    good = findings.verdict.value.startswith("accepted")
    verdict = terminal.paint(verdict_text(findings.verdict, say), "good" if good else "error", stream)
    lines = [
        f"{say('结论', 'Verdict')}: {verdict}",
        f"{say('文件', 'File')}: {_name(args)} ({findings.edition.name})",
        say(
            f"记录: {summary.records} 条,接受 {summary.records - summary.rejected},退回 {summary.rejected}",
            f"Records: {summary.records}, accepted {summary.records - summary.rejected}, rejected {summary.rejected}",
        ),
        say("发现: ", "Findings: ")
        + ", ".join(f"{severity_text(name, say)} {counts.get(name, 0)}" for name in ("error", "warning", "info")),
    ]
    stream.write("\n".join(lines) + "\n")
    limit = SHOWN_PER_ID if args.max_findings is None else args.max_findings
    groups = _grouped(findings, limit)
    for finding_id in sorted(groups, key=lambda one: (-groups[one][0].severity.rank, one)):
        _write_group(groups[finding_id], summary.by_id[finding_id], limit, say, stream)
    _write_not_evaluated(findings.rules, say, stream)


def _grouped(findings: Findings, limit: int) -> dict[str, list[Finding]]:
    """The first findings of each id (one more than none, for the heading), read no further than needed."""
    wanted = {finding_id: min(count, max(limit, 1)) for finding_id, count in findings.summary.by_id.items()}
    groups: dict[str, list[Finding]] = {}
    missing = sum(wanted.values())
    for finding in findings:
        if not missing:
            break
        group = groups.setdefault(finding.id, [])
        if len(group) < wanted[finding.id]:
            group.append(finding)
            missing -= 1
    return groups


def _title(finding_id: str, say: Say) -> str:
    from kunjing_exchange.findings import BUILT_IN
    from kunjing_exchange.rules import rule

    entry = BUILT_IN.get(finding_id) or rule(finding_id)
    return say(entry.title_zh, entry.title_en)


def _write_group(group: list[Finding], count: int, limit: int, say: Say, stream: TextIO) -> None:
    first = group[0]
    severity = terminal.paint(severity_text(first.severity.value, say), first.severity.value, stream)
    title = _title(first.id, say)
    stream.write(f"\n{severity} {first.id} {title} ({say(f'{count} 处', f'{count} times')})\n")
    if first.clause:
        stream.write(f"  {say('依据', 'Source')}: {first.clause}\n")
    if fix := say(first.fix_zh or "", first.fix_en or ""):
        stream.write(f"  {say('更正', 'Remedy')}: {fix}\n")
    for finding in group[:limit]:
        stream.write(f"  - {finding_line(finding, say, title)}\n")
    if count > limit:
        stream.write(say(f"  … 另有 {count - limit} 处", f"  … and {count - limit} more") + " (--max-findings)\n")


def finding_line(finding: Finding, say: Say, title: str = "") -> str:
    """Place, message, value and expectation of one finding in a line."""
    place = finding.location
    parts = [
        place.cell or (say(f"第 {place.line} 行", f"line {place.line}") if place.line is not None else ""),
        f"[{place.index}]" if place.line is None and place.cell is None and place.index is not None else "",
        place.record or "",
        place.path or "",
        message if (message := finding.message(say("zh", "en"))) != title else "",
        f"{say('值', 'value')} {finding.value}" if finding.value is not None else "",
        f"{say('应为', 'expected')} {finding.expected}" if finding.expected and finding.expected not in message else "",
    ]
    return "  ".join(part for part in parts if part)


def _write_not_evaluated(rules: Mapping[str, RuleOutcome], say: Say, stream: TextIO) -> None:
    skipped = [outcome for outcome in rules.values() if outcome.not_evaluated]
    if not skipped:
        return
    stream.write("\n" + say("未能评估的规则:", "Rules not evaluated:") + "\n")
    for outcome in skipped:
        reason = say(outcome.reason_zh, outcome.reason_en)
        stream.write(f"  - {outcome.rule} {_title(outcome.rule, say)}: {reason}\n")

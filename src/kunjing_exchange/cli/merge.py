"""``kunjing merge``: case files brought up to what departments say."""

from __future__ import annotations

import argparse
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from kunjing_exchange.cli import terminal
from kunjing_exchange.cli.options import FORMATS, Say, add_department_files, add_show_values, add_verb, day

if TYPE_CHECKING:
    from kunjing_exchange.merge import Merging

_LISTS = {
    "change": ("更新", "changes"),
    "conflict": ("矛盾", "conflicts"),
    "hint": ("提示", "hints"),
    "unmatched": ("未合并的部门数据", "departments' records not merged"),
}


def add(verbs: Any, say: Say) -> None:
    """The verb's options."""
    parser = add_verb(
        verbs,
        say,
        "merge",
        say(
            "把部门数据并入档案：逐字段记录来源，列出矛盾，不覆盖",
            "merge departments' data into case files: sources field by field, conflicts listed",
        ),
        run,
        (
            "kunjing merge county.xml fixtures/departments/certificate.csv -o merged.xml --on 2017-09-30",
            "kunjing merge county.xml fixtures/departments/student.csv -o new.xml --conflicts c.jsonl --fail-on never",
        ),
    )
    parser.add_argument(
        "cases",
        metavar=say("档案", "CASES"),
        help=say("县级报送文件，任何格式", "the county's submission, any format"),
    )
    add_department_files(parser, say)
    parser.add_argument(
        "-o",
        "--output",
        required=True,
        metavar=say("文件", "FILE"),
        help=say(
            "输出文件；字段来源写入同名的 .provenance.jsonl",
            "output file; where fields are from goes to the same name with .provenance.jsonl",
        ),
    )
    parser.add_argument("--force", action="store_true", help=say("覆盖已有的输出文件", "overwrite the output files"))
    parser.add_argument(
        "--format",
        "--to",
        choices=FORMATS,
        help=say("输出格式（默认看输出文件名）", "output format (default: by the name)"),
    )
    parser.add_argument(
        "--on",
        type=day,
        metavar="YYYY-MM-DD",
        help=say(
            "合并日期，也是未写明日期的部门数据的截止日期（默认今天）",
            "day of the merge, and of data that say no day of their own (default: today)",
        ),
    )
    parser.add_argument(
        "--provenance",
        metavar=say("文件", "FILE"),
        help=say(
            "以前合并写出的字段来源（默认取档案旁的 .provenance.jsonl）",
            "where fields are from, of an earlier merge (default: beside CASES, if there)",
        ),
    )
    parser.add_argument(
        "--conflicts",
        metavar=say("文件", "FILE"),
        help=say(
            "把全部更新、矛盾、提示和未合并的数据写成 JSON Lines",
            "write all changes, conflicts, hints and records not merged as JSON Lines",
        ),
    )
    parser.add_argument(
        "--fail-on",
        choices=("conflict", "never"),
        default="conflict",
        help=say("有未解决的矛盾即退出码 1", "exit status 1 where a conflict is left open"),
    )
    add_show_values(parser, say)


def run(args: argparse.Namespace, say: Say) -> int:
    """Merge, and say what became of it."""
    from kunjing_exchange.departments import local_codes
    from kunjing_exchange.merge import OUTCOMES, merge_files

    merging = merge_files(
        args.cases,
        args.files,
        args.output,
        on=args.on,
        layouts=[None if name == "auto" else name for name in args.layouts],
        local=local_codes(args.local_codes) if args.local_codes else None,
        provenance=args.provenance,
        conflicts=args.conflicts,
        to=args.format,
        force=args.force,
        show_values=args.show_values,
    )
    if args.conflicts != "-":
        _print(merging, say)
    opened = sum(merging.outcomes[name] for name in OUTCOMES if name not in ("replaced", "filled"))
    return int(opened > 0 and args.fail_on != "never")


def _print(merging: Merging, say: Say) -> None:
    print(
        say(
            f"档案 {merging.case_files} 份，更新 {merging.changed} 份",
            f"{merging.case_files} case files, {merging.changed} changed",
        )
    )
    for file in merging.files:
        print(
            say(
                f"{file.name}：{file.records} 条，并入 {file.merged} 条",
                f"{file.name}: {file.records} records, {file.merged} merged",
            )
        )
    for name, title in _LISTS.items():
        shown = [entry for entry in merging.listed if entry["list"] == name]
        print(f"\n{say(*title)} {merging.counts[name]}")
        for line in terminal.columns([_row(entry, say) for entry in shown]) if shown else ():
            print(f"  {line}")
        if left := merging.counts[name] - len(shown):
            print(
                say(
                    f"  … 另有 {left} 条（--conflicts 可全部写出）",
                    f"  … and {left} more (--conflicts writes them all)",
                )
            )


def _row(entry: Mapping[str, Any], say: Say) -> tuple[str, ...]:
    """An entry in the columns of its list."""
    from kunjing_exchange.merge import HINTS, OUTCOMES, REASONS

    if entry["list"] == "unmatched":
        return entry["file"], entry["record_key"], say(*REASONS[entry["reason"]])
    if entry["list"] == "conflict":
        said = ", ".join(f"{_who(one)} {one['value']}" for one in entry["said"])
        return entry["case_id"], entry["path"], _value(entry.get("here"), say), said, say(*OUTCOMES[entry["outcome"]])
    if entry["list"] == "hint":
        title = say(*HINTS[entry["hint"]])
        return entry["case_id"], entry["path"], title, str(entry.get("value", "")), _who(entry)
    return entry["case_id"], entry["path"], _value(entry.get("old"), say), f"→ {entry['new']}", _who(entry)


def _value(value: Any, say: Say) -> str:
    return say("（无）", "(none)") if value is None else str(value)


def _who(entry: Mapping[str, Any]) -> str:
    return f"{entry['record_key']} {entry['as_of']}"

"""``kunjing export``: the forms that national and international standards ask for."""

from __future__ import annotations

from typing import Any

from kunjing_exchange.cli import terminal
from kunjing_exchange.cli.options import Say, add_actions, add_input, add_jobs, add_output, add_verb, day

ELEMENT_FORMATS = ("xlsx", "html", "json", "xml", "xsd")
CODE_FORMATS = ("csv", "json", "genericode")
CATALOGUE_FORMATS = ("xlsx", "json", "xml", "xsd")
STRUCTURE_FORMATS = ("ml-2.1", "ml-3.0")
DATA_FORMATS = ("csv", "csv-1.0", "ml-2.1", "ml-2.1-generic", "ml-3.0")
"""The same as in ``kunjing_exchange.export``, which is too heavy to import for a help text."""


def add(verbs: Any, say: Say) -> None:
    """The verb's options."""
    parser = add_verb(
        verbs,
        say,
        "export",
        say(
            "按国家标准导出：数据元、代码表、目录、数据集、JSON-LD、SDMX",
            "export by standards: data elements, codes, catalogue, dataset, JSON-LD, SDMX",
        ),
        None,
        (
            "kunjing export codes sex --format genericode",
            "kunjing export dataset county.xml --for-analysis -o dataset",
        ),
    )
    actions = add_actions(parser, say)
    _add_elements(actions, say)
    _add_codes(actions, say)
    _add_catalogue(actions, say)
    _add_dataset(actions, say)
    written = add_verb(
        actions, say, "jsonld", say("标准记录的 JSON-LD 上下文", "the JSON-LD context of the records"), _jsonld
    )
    add_output(written, say)
    _add_sdmx(actions, say)


def _add_format(parser: Any, say: Say, choices: tuple[str, ...], default: str) -> None:
    parser.add_argument("--format", choices=choices, default=default, help=say("结果的格式", "format of the result"))


def _add_folder(parser: Any, say: Say, *, required: bool) -> None:
    parser.add_argument(
        "-o",
        "--output",
        required=required,
        default="-",
        metavar=say("文件夹", "DIR"),
        help=say("输出文件夹", "output folder") if required else say("输出文件或文件夹", "output file or folder"),
    )
    parser.add_argument("--force", action="store_true", help=say("覆盖已有的文件", "overwrite"))


def _add_elements(actions: Any, say: Say) -> None:
    parser = add_verb(
        actions,
        say,
        "elements",
        say("数据元目录（GB/T 18391、GB/T 19488.1）", "the data-element dictionary (GB/T 18391, GB/T 19488.1)"),
        _elements,
    )
    _add_format(parser, say, ELEMENT_FORMATS, "json")
    add_output(parser, say)


def _add_codes(actions: Any, say: Say) -> None:
    parser = add_verb(
        actions,
        say,
        "codes",
        say("代码表（CSV、JSON、genericode），含版本和对照", "code lists (CSV, JSON, genericode) with cross-walks"),
        _codes,
    )
    parser.add_argument(
        "name",
        nargs="?",
        metavar=say("代码表", "NAME"),
        help=say("不写则全部写入文件夹", "without it, all of them into a folder"),
    )
    _add_format(parser, say, CODE_FORMATS, "csv")
    _add_folder(parser, say, required=False)


def _add_catalogue(actions: Any, say: Say) -> None:
    parser = add_verb(
        actions,
        say,
        "catalogue",
        say("政务信息资源目录（GB/T 21063 和 2017 年编制指南）", "catalogue entries (GB/T 21063, the guide of 2017)"),
        _catalogue,
    )
    _add_format(parser, say, CATALOGUE_FORMATS, "json")
    parser.add_argument("--provider", metavar=say("单位", "NAME"), help=say("信息资源提供方", "the provider"))
    parser.add_argument(
        "--provider-code", metavar=say("代码", "CODE"), help=say("提供方统一社会信用代码", "the provider's credit code")
    )
    parser.add_argument(
        "--branch",
        metavar=say("分类代码", "CODE"),
        help=say("目录管理部门给的类、项、目、细目代码", "code of the catalogue's branch, given by its keeper"),
    )
    parser.add_argument("--published-on", type=day, metavar="YYYY-MM-DD", help=say("发布日期", "day of publication"))
    add_output(parser, say)


def _add_dataset(actions: Any, say: Say) -> None:
    parser = add_verb(
        actions,
        say,
        "dataset",
        say("报送文件写成 Parquet 和 CSV 数据集，含说明", "a submission as Parquet and CSV, with its descriptors"),
        _dataset,
    )
    add_input(parser, say, "--encoding", "--input-encoding")
    extent = parser.add_mutually_exclusive_group()
    extent.add_argument(
        "--for-analysis",
        action="store_true",
        help=say("供分析用：不含姓名、号码、地址、限制字段", "without names, numbers, addresses, restricted facts"),
    )
    extent.add_argument(
        "--whole",
        action="store_true",
        help=say("全部字段（含个人信息，仅供本县区内部）", "everything (personal data, for the county's own use)"),
    )
    parser.add_argument("--edition", metavar=say("版本", "NAME"), help=say("政策版本", "policy edition"))
    add_jobs(parser, say)
    _add_folder(parser, say, required=True)


def _add_sdmx(actions: Any, say: Say) -> None:
    parser = add_verb(
        actions, say, "sdmx", say("汇总表的 SDMX（需附加组件 sdmx）", "the tables as SDMX (extra sdmx)"), None
    )
    kinds = add_actions(parser, say)
    structures = add_verb(
        kinds, say, "structures", say("概念、代码表和数据结构", "concepts, code lists, data structures"), _structures
    )
    structures.add_argument("--table", metavar=say("表号", "ID"), help=say("默认全部", "default: all"))
    _add_format(structures, say, STRUCTURE_FORMATS, "ml-3.0")
    add_output(structures, say)
    data = add_verb(kinds, say, "data", say("一张汇总表的数据", "the data of a table"), _data)
    data.add_argument(
        "report",
        metavar=say("文件", "FILE"),
        help=say("kunjing report --format json 的输出，或 -", "what kunjing report --format json wrote, or -"),
    )
    _add_format(data, say, DATA_FORMATS, "csv")
    add_output(data, say)


def _elements(args: Any, say: Say) -> int:
    from kunjing_exchange.export import write_elements
    from kunjing_exchange.wire import open_output

    if args.format == "xlsx":
        terminal.refuse_binary(args.output)
    with open_output(args.output, force=args.force) as stream:
        write_elements(stream, args.format)
    return 0


def _codes(args: Any, say: Say) -> int:
    from kunjing_exchange.errors import InvalidArgument
    from kunjing_exchange.export import write_all_codes, write_codes
    from kunjing_exchange.wire import open_output

    if args.name is not None:
        with open_output(args.output, force=args.force) as stream:
            write_codes(args.name, stream, args.format)
        return 0
    if args.output == "-":
        raise InvalidArgument(
            "全部代码表要写入文件夹：请用 -o 指定", "all code lists go into a folder: give one with -o"
        )
    written = write_all_codes(args.output, args.format, force=args.force)
    terminal.note(say(f"已写出 {len(written)} 个代码表", f"{len(written)} code lists written"))
    return 0


def _catalogue(args: Any, say: Say) -> int:
    from kunjing_exchange.export import Provider, write_catalogue
    from kunjing_exchange.wire import open_output

    provider = Provider(args.provider, args.provider_code, args.branch, args.published_on)
    if args.format == "xlsx":
        terminal.refuse_binary(args.output)
    with open_output(args.output, force=args.force) as stream:
        write_catalogue(stream, args.format, provider)
    return 0


def _dataset(args: Any, say: Say) -> int:
    from kunjing_exchange import policy
    from kunjing_exchange.export import export_dataset

    dataset = export_dataset(
        args.file,
        args.output,
        for_analysis=args.for_analysis,
        whole=args.whole,
        edition=args.edition or policy.DEFAULT_EDITION,
        format=args.input_format,
        encoding=args.input_encoding,
        force=args.force,
        jobs=args.jobs,
    )
    tables, left_out = len(dataset.rows), sum(map(len, dataset.left_out.values()))
    terminal.note(
        say(
            f"已写出 {tables} 张表、{dataset.rows['record']} 条记录；略去 {left_out} 个字段",
            f"{tables} tables written, {dataset.rows['record']} records; {left_out} fields left out",
        )
    )
    return 0


def _jsonld(args: Any, say: Say) -> int:
    from kunjing_exchange.export import jsonld_context

    with terminal.open_text(args.output, force=args.force) as stream:
        terminal.print_json(jsonld_context(), stream)
    return 0


def _structures(args: Any, say: Say) -> int:
    from kunjing_exchange.export import write_structures
    from kunjing_exchange.wire import open_output

    with open_output(args.output, force=args.force) as stream:
        write_structures(stream, args.format, args.table)
    return 0


def _data(args: Any, say: Say) -> int:
    import pathlib
    import sys

    from kunjing_exchange.export import read_report, write_data
    from kunjing_exchange.wire import open_output

    text = sys.stdin.buffer.read() if args.report == "-" else pathlib.Path(args.report).read_bytes()
    report = read_report(text, pathlib.PurePath(args.report).name)
    with open_output(args.output, force=args.force) as stream:
        write_data(stream, report, args.format)
    return 0

"""The main job on the bundled submission of a county: validate, convert, count; everything is left in a folder."""

from __future__ import annotations

import io
import json
import os
import pathlib
from collections.abc import Callable, Iterator

from kunjing_exchange.bundled import bundled
from kunjing_exchange.convert import convert
from kunjing_exchange.documents import Review, verdict_text, write_json, write_text
from kunjing_exchange.errors import MissingExtra
from kunjing_exchange.report import Report, report
from kunjing_exchange.validate import validate
from kunjing_exchange.wire import open_output

__all__ = ["demo"]

_SUBMISSIONS = ("county", "county_faulty")


def demo(folder: str | os.PathLike[str], *, lang: str, force: bool = False) -> Iterator[str]:
    """Do the main job in a folder, which is made where it is not there, telling each step as a line; the table last.

    ``county.xml`` is about 300 made-up children of 卧龙区; ``county_faulty.xml`` is the same with faults put in.

    Raises:
        OutputExists: a file is there already and ``force`` is not set.
    """
    place = pathlib.Path(folder)
    place.mkdir(parents=True, exist_ok=True)

    def keep(name: str, content: bytes) -> None:
        with open_output(place / name, force=force) as stream:
            stream.write(content)

    def say(zh: str, en: str) -> str:
        return zh if lang == "zh" else en

    for name in _SUBMISSIONS:
        keep(f"{name}.xml", bundled(f"fixtures/nanyang/{name}.xml").read_bytes())
        verdict, count = _validate(place, name, lang, keep)
        yield say(
            f"校验 {name}.xml：{verdict}，发现 {count} 处 -> {name}_findings.txt、{name}_findings.json",
            f"validated {name}.xml: {verdict}, {count} findings -> {name}_findings.txt, {name}_findings.json",
        )
    for name in ("county.json", "county.xlsx"):
        try:
            done = convert(place / "county.xml", place / name, lossless=True, force=force)
            yield say(f"转换为 {name}：{done.records} 条记录", f"converted to {name}: {done.records} records")
        except MissingExtra as missing:
            yield say(f"未生成 {name}：{missing.zh}", f"{name} was not made: {missing.en}")
    table = report(place / "county.xml", table="HN-2017-1", by="township")
    text = table.text(lang).rstrip("\n") + "\n"
    keep("table.txt", text.encode())
    keep("table.json", (json.dumps(table.as_dict(lang), ensure_ascii=False, indent=2) + "\n").encode())
    yield say("汇总 HN-2017-1 -> table.txt、table.json", "counted HN-2017-1 -> table.txt, table.json")
    try:
        keep("table.xlsx", _workbook(table, lang))
        yield say("汇总表工作簿 -> table.xlsx", "the table as a workbook -> table.xlsx")
    except MissingExtra as missing:
        yield say(f"未生成 table.xlsx：{missing.zh}", f"table.xlsx was not made: {missing.en}")
    yield ""
    yield text.rstrip("\n")


def _validate(place: pathlib.Path, name: str, lang: str, keep: Callable[[str, bytes], None]) -> tuple[str, int]:
    with validate(place / f"{name}.xml") as findings:
        for suffix, write in (("txt", write_text), ("json", write_json)):
            content = io.BytesIO()
            stream = io.TextIOWrapper(content, encoding="utf-8", newline="\n", write_through=True)
            write(Review(findings), stream, file=f"{name}.xml", lang=lang)
            keep(f"{name}_findings.{suffix}", content.getvalue())
        return verdict_text(findings.verdict, lang), sum(findings.summary.by_id.values())


def _workbook(table: Report, lang: str) -> bytes:
    stream = io.BytesIO()
    table.write_xlsx(stream, lang)
    return stream.getvalue()

"""Findings as CSV for people: UTF-8 with its mark, so that Excel reads it, and no cell that acts as a formula."""

from __future__ import annotations

import codecs
import csv
import itertools
from typing import TextIO

from kunjing_exchange.documents.review import Review
from kunjing_exchange.documents.words import left_out_text, pick, remedy, severity_text, state_text

__all__ = ["safe", "write_csv"]

_COLUMNS = (
    ("级别", "severity"), ("编号", "id"), ("说明", "message"), ("更正办法", "remedy"), ("档案或记录", "record"),
    ("行", "line"), ("单元格", "cell"), ("字段", "path"), ("值", "value"), ("应为", "expected"), ("依据", "clause"),
    ("状态", "state"), ("答复", "answer"), ("指纹", "fingerprint"),
)  # fmt: skip


def safe(text: object) -> str:
    """A cell that a spreadsheet shows and does not run, as OWASP says: an apostrophe before what starts a formula."""
    shown = "" if text is None else str(text)
    return (
        f"'{shown}"
        if shown.lstrip().startswith(("=", "+", "-", "@")) or shown.startswith(("\t", "\r", "\n"))
        else shown
    )


def write_csv(review: Review, stream: TextIO, *, lang: str, limit: int | None = None) -> None:
    """A row for each finding, those that are fixed last; a last row says how many were left out."""
    if codecs.lookup(stream.encoding or "ascii").name == "utf-8":
        stream.write("\ufeff")
    writer = csv.writer(stream, lineterminator="\r\n")
    writer.writerow([pick(lang, *names) for names in _COLUMNS])
    for finding, state, answer in itertools.islice(review, limit):
        place = finding.location
        row = (
            severity_text(finding.severity.value, lang), finding.id, finding.message(lang), remedy(finding, lang),
            place.record, place.line, place.cell, place.path, finding.value, finding.expected, finding.clause,
            state_text(state, lang) if state else None, answer.text(lang) if answer else None, finding.fingerprint,
        )  # fmt: skip
        writer.writerow(map(safe, row))
    for one in review.fixed():
        place = one.location
        writer.writerow(
            map(safe, (
                severity_text(one.severity, lang), one.id, one.title(lang), None, place.record, place.line, place.cell,
                place.path, None, None, None, state_text("fixed", lang), None, one.fingerprint,
            ))
        )  # fmt: skip
    if limit is not None and review.total > limit:
        writer.writerow([left_out_text(review.total - limit, lang)])

"""Read a submission as model objects."""

from __future__ import annotations

import os
from collections.abc import Iterator
from typing import BinaryIO

from pydantic import ValidationError

from kunjing_exchange.departments import open_reader
from kunjing_exchange.errors import UnreadableInput
from kunjing_exchange.findings import Problem
from kunjing_exchange.model import Record
from kunjing_exchange.wire import KINDS, Limits, open_source

__all__ = ["read"]


def _refuse(number: int, line: int | None, problem: Problem | None) -> UnreadableInput:
    place_zh = f"第 {number} 条记录" + (f"（第 {line} 行）" if line else "")
    place_en = f"record {number}" + (f" (line {line})" if line else "")
    finding_id = problem.id if problem else "KJ-SYS-023"
    return UnreadableInput(
        f"{place_zh}不合格式（{finding_id}）；请先运行 kunjing validate",
        f"{place_en} does not fit the schema ({finding_id}); run kunjing validate first",
        finding_id=finding_id,
        number=number,
        line=line,
    )


def read(
    source: str | os.PathLike[str] | bytes | BinaryIO,
    *,
    format: str | None = None,  # noqa: A002 - the command line's name for it
    encoding: str | None = None,
    limits: Limits | None = None,
) -> Iterator[Record]:
    """The header (where there is one), then every record, as strict model objects, one at a time.

    Takes what :func:`kunjing_exchange.validate` takes.

    Raises:
        UnreadableInput: a record does not fit the schema, or the document is broken; ``facts`` say which record and
            line. :func:`kunjing_exchange.validate` says all that is wrong, and stops at nothing.
    """
    with open_source(source, format=format, encoding=encoding, limits=limits) as opened:
        reader = open_reader(opened)
        for located in reader:
            if not located.clean:
                first = located.problems[0] if located.problems else None
                raise _refuse(located.number, located.place.line, first)
            try:
                yield KINDS[located.kind].model_validate(located.data)
            except ValidationError:
                raise _refuse(located.number, located.place.line, None) from None
        if reader.problems:
            raise _refuse(0, reader.problems[0].line, reader.problems[0])

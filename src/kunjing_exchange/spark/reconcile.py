"""Many counties' registers held against their departments' files: each county by one task, as on one machine."""

from __future__ import annotations

import datetime
import json
import os
import pathlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING, Any

from pydantic_core import to_json

from kunjing_exchange import policy
from kunjing_exchange.errors import ExchangeError, UnreadableInput
from kunjing_exchange.reconcile import reconcile

if TYPE_CHECKING:
    import pyarrow as pa
    from pyspark.sql import SparkSession

__all__ = ["Reconciled", "reconcile_folders"]

_ROWS = "folder string, said string"


@dataclass(frozen=True, slots=True)
class Reconciled:
    """What was found in one county: ``totals`` as :class:`kunjing_exchange.reconcile.Reconciliation` has them, and each
    difference as its ``as_dict`` gives it. Where nothing could be compared, ``failure`` says why (zh, en)."""

    folder: str
    totals: Mapping[str, Any]
    differences: tuple[Mapping[str, Any], ...]
    failure: tuple[str, str] | None = None


def reconcile_folders(
    session: SparkSession,
    folder: str | os.PathLike[str],
    *,
    on: datetime.date | None = None,
    edition: str = policy.DEFAULT_EDITION,
    likeness: bool = True,
    show_values: bool = False,
) -> Iterator[Reconciled]:
    """Reconcile county by county, in the order of their names.

    Args:
        folder: one folder a county, in which the file ``register.*`` is the county's register and every other a
            department's file. Every worker sees it under this name.
        on, edition, likeness, show_values: as for :func:`kunjing_exchange.reconcile.reconcile`.

    Raises:
        UnreadableInput: there is no such folder.
        UnknownEdition
    """
    policy.edition(edition)
    place = pathlib.Path(folder).resolve()
    counties = sorted(str(path.parent) for path in place.glob("*/register.*"))
    if not counties:
        raise UnreadableInput(f"没有 县区/register.* 文件：{place}", f"there is no COUNTY/register.* in {place}")
    work = partial(_reconcile, on=on, edition=edition, likeness=likeness, show_values=show_values)
    frame = session.createDataFrame([(one,) for one in counties], "folder string").repartition(len(counties), "folder")
    for row in frame.mapInArrow(work, _ROWS).sort("folder").toLocalIterator():
        said = json.loads(row["said"])
        failure = tuple(said["failure"]) if said["failure"] else None
        yield Reconciled(row["folder"], said["totals"], tuple(said["differences"]), failure)


def _reconcile(batches: Iterator[pa.RecordBatch], **options: Any) -> Iterator[pa.RecordBatch]:
    import pyarrow as pa

    for batch in batches:
        for folder in batch.column("folder").to_pylist():
            said: dict[str, Any] = {"totals": {}, "differences": [], "failure": None}
            paths = sorted(pathlib.Path(folder).iterdir())
            register = next(path for path in paths if path.stem == "register")
            try:
                with reconcile(register, [path for path in paths if path != register], **options) as found:
                    said |= {"totals": dict(found.totals), "differences": [one.as_dict() for one in found]}
            except ExchangeError as error:
                said["failure"] = (error.zh, error.en)
            yield pa.RecordBatch.from_pydict(
                {"folder": [folder], "said": [to_json(said).decode()]},
                pa.schema([("folder", pa.string()), ("said", pa.string())]),
            )

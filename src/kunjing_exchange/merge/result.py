"""What a merge gives: the record, and everything that was filled, replaced, disputed or left aside."""

from __future__ import annotations

import datetime
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from kunjing_exchange.model import CaseFile
from kunjing_exchange.wire import Plain

__all__ = [
    "HINTS", "OUTCOMES", "REASONS", "Change", "Conflict", "File", "Hint", "Merge", "Merging", "Origin", "Provenance",
    "Statement", "Unmatched",
]  # fmt: skip

OUTCOMES: Mapping[str, tuple[str, str]] = {
    "replaced": ("已按主管部门数据更新", "replaced by the authority's"),
    "filled": ("空缺，已按主管部门数据填入", "was absent, filled by the authority's"),
    "kept": ("保持档案原值", "the case file's value stays"),
    "older": ("部门数据较旧，保持原值", "the department's data are older, the value stays"),
    "undecided": ("说法不一，无从取舍，未改动", "nothing decides between them, unchanged"),
}
"""What became of a conflict: (zh, en). In the first two, precedence was applied."""

REASONS: Mapping[str, tuple[str, str]] = {
    "unknown": ("没有号码相同的档案", "no case file has its numbers"),
    "ambiguous": ("号码对应多份档案", "its numbers are those of several case files"),
    "contradictory": ("学籍号或残疾人证号相同，身份证件号码不同", "same certificate or student number, other identity"),
    "not_yet": ("数据日期晚于合并日期", "as of a later day than the merge"),
    "void": ("部门标明无效", "the department keeps it as void"),
    "unanswered": ("部门未成功答复", "the inquiry ended in an error"),
    "withdrawn": ("部门已撤回", "the department withdrew it"),
    "invalid": ("不合格式，请先校验该文件", "does not fit the schema: validate its file"),
}
"""Why a department's record was not merged: (zh, en)."""

HINTS: Mapping[str, tuple[str, str]] = {
    "claim": ("部门标识", "a mark that the department puts on the child"),
    "identity_check": ("身份核验结果", "what the police register says of name and number"),
    "registration": ("登记情况", "what a register or survey form says, in its own codes and words"),
    "roll_change": ("学籍异动", "a change of the school roll"),
    "medical_assistance": ("医疗救助结算", "a settlement of medical costs"),
    "correction": ("部门更正", "a correction"),
    "incomplete": ("不足以新增一项", "an item that lacks what a new one needs"),
}
"""What a department says that changes no fact: (zh, en)."""


@dataclass(frozen=True, slots=True)
class Origin:
    """Who says something: the department's record and the day its data are as of."""

    department: str
    layout: str
    record_key: str
    as_of: datetime.date


@dataclass(frozen=True, slots=True)
class Statement:
    """A value, and who says so."""

    value: Any
    source: Origin


@dataclass(frozen=True, slots=True)
class Change:
    """One field that was filled or replaced; ``old`` is None where it was absent."""

    path: str
    old: Any
    new: Any
    source: Origin


@dataclass(frozen=True, slots=True)
class Conflict:
    """One field on which a department and the case file, or two departments, differ.

    ``here`` is what the case file had; ``outcome`` is of :data:`OUTCOMES`; ``authority`` the department whose word
    counts for the field, None where nobody's does.
    """

    path: str
    here: Any
    said: tuple[Statement, ...]
    authority: str | None
    outcome: str


@dataclass(frozen=True, slots=True)
class Hint:
    """What a department says that changes no fact; ``kind`` is of :data:`HINTS`."""

    kind: str
    path: str
    value: Any
    source: Origin


@dataclass(frozen=True, slots=True)
class Unmatched:
    """A department's record that was not merged; ``reason`` is of :data:`REASONS`."""

    source: Origin
    reason: str


@dataclass(frozen=True, slots=True)
class Provenance:
    """Who a field's present value is from, and when it was merged. Has no value."""

    case_id: str
    path: str
    source: Origin
    merged_on: datetime.date


@dataclass(frozen=True, slots=True)
class Merge:
    """One case file with what departments say. ``record`` is the plain record, in canonical form.

    ``provenance`` is what is known of every field, what was given included: give it to the next merge.
    """

    record: Plain
    changes: tuple[Change, ...]
    conflicts: tuple[Conflict, ...]
    hints: tuple[Hint, ...]
    unmatched: tuple[Unmatched, ...]
    provenance: tuple[Provenance, ...]

    @property
    def case_file(self) -> CaseFile:
        """The record as a model object."""
        return CaseFile.model_validate(self.record)


@dataclass(frozen=True, slots=True)
class File:
    """One department's file: how many records it has, and how many of them were merged."""

    name: str
    records: int
    merged: int


@dataclass(frozen=True, slots=True)
class Merging:
    """What a merge of files did.

    ``counts`` has ``change``, ``conflict``, ``hint`` and ``unmatched``; ``outcomes`` the conflicts by
    outcome. ``listed`` are the first entries of each list as the conflicts file has them.
    """

    case_files: int
    changed: int
    files: tuple[File, ...]
    counts: Mapping[str, int]
    outcomes: Mapping[str, int]
    listed: tuple[Mapping[str, Any], ...]

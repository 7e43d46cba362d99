"""A place's overlay on an edition: its own rates, stricter parameters and severities, as a TOML file it writes.

::

    name = "nanyang"
    title = "南阳市"
    extends = "henan-2017"

    [parameters]
    visit_interval_years = 1          # stricter only; a parameter of the place's own begins with local_

    [[rate]]
    kind = "orphan_allowance"         # code list benefit_kind
    division = "411302"               # a county; or a city, for its counties that have no rate of their own
    start_date = 2017-07-01
    end_date = 2018-06-30             # left out while it lasts
    amount = "1050.00"
    unit = "month"                    # code list amount_unit

    [[severity]]
    rule = "KJ-CAT-007"
    severity = "error"                # error, warning or info
    reason = "…"                      # needed to lower a severity
    until = 2018-12-31                # needed to lower a severity: the last day it holds

An overlay adds and tightens. To lower a severity it has to say why and until when, and a locked rule can't be lowered.
"""

from __future__ import annotations

import dataclasses
import datetime
import difflib
import os
import pathlib
import re
import tomllib
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from kunjing_exchange.codes import CodeList, code_list
from kunjing_exchange.errors import InvalidArgument, UnreadableInput
from kunjing_exchange.findings import BUILT_IN, Severity, clip
from kunjing_exchange.policy.definition import Edition, Parameter, Rate, SeverityChange
from kunjing_exchange.policy.load import edition, edition_names, lineage, parameter_value

__all__ = ["OverlayProblem", "check_overlay", "overlaid"]

_KEYS = ("name", "title", "extends", "source", "note", "parameters", "rate", "severity")
_RATE_KEYS = ("kind", "division", "start_date", "end_date", "amount", "unit", "source", "note")
_SEVERITY_KEYS = ("rule", "severity", "reason", "until")
_AMOUNT = re.compile(r"[0-9]{1,12}(\.[0-9]{2})?")
_OWN_PARAMETER = re.compile("local_[a-z0-9_]{1,40}")


@dataclass(frozen=True, slots=True)
class OverlayProblem:
    """One thing that is wrong with an overlay: its key (``rate[2].amount``, counted from 1), what and the remedy.

    ``expired`` marks what was right and has run out: it is said, and does not keep the overlay from being used.
    """

    key: str
    zh: str
    en: str
    fix_zh: str
    fix_en: str
    expired: bool = False

    def text(self, lang: str) -> str:
        """The problem as one line in ``zh`` or ``en``."""
        return f"{self.key}：{self.zh}；{self.fix_zh}" if lang == "zh" else f"{self.key}: {self.en}; {self.fix_en}"

    def __str__(self) -> str:
        return self.text("en")


def check_overlay(path: str | os.PathLike[str], on: datetime.date | None = None) -> list[OverlayProblem]:
    """Everything that is wrong with an overlay, against the edition it extends. ``on`` is the day by which entries
    may have run out, today where it is not given.

    Raises:
        UnreadableInput: the file can't be opened.
    """
    return _Overlay(_read(path), None).problems(on or datetime.date.today())


def overlaid(one: Edition, path: str | os.PathLike[str]) -> Edition:
    """The edition with a place's overlay on it. Its severities apply by :meth:`Edition.in_force`.

    Raises:
        UnreadableInput: the file can't be opened.
        InvalidArgument: the overlay is wrong, or is for another edition; ``facts['problems']`` has every problem.
    """
    overlay = _Overlay(_read(path), one)
    if problems := overlay.problems(datetime.date.min):
        name = pathlib.Path(path).name
        raise InvalidArgument(
            f"地方政策文件 {name} 有误：{'；'.join(problem.text('zh') for problem in problems)}",
            f"the overlay {name} is wrong: {'; '.join(problem.text('en') for problem in problems)}",
            problems=problems,
        )
    return overlay.edition()


def _read(path: str | os.PathLike[str]) -> Mapping[str, Any] | OverlayProblem:
    try:
        text = pathlib.Path(path).read_bytes().decode("utf-8-sig")
    except OSError as error:
        name = pathlib.Path(path).name
        raise UnreadableInput(f"打不开文件 {name}", f"can't open {name}") from error
    except UnicodeDecodeError:
        return OverlayProblem("TOML", "不是 UTF-8 编码", "is not UTF-8", "另存为 UTF-8", "save it as UTF-8")
    try:
        return tomllib.loads(text)
    except (tomllib.TOMLDecodeError, RecursionError, ValueError) as error:
        about = clip(str(error))
        return OverlayProblem(
            "TOML", f"不合 TOML 语法：{about}", f"no TOML: {about}", "按行列改正", "correct that line"
        )


class _Overlay:
    """One overlay: its parts, and what is wrong with them. ``asked`` is the edition it is to be laid on, if any."""

    def __init__(self, data: Mapping[str, Any] | OverlayProblem, asked: Edition | None) -> None:
        self._data: Mapping[str, Any] = {} if isinstance(data, OverlayProblem) else data
        self._found = [data] if isinstance(data, OverlayProblem) else []
        self._broken = bool(self._found)
        self._base = asked or edition()
        self._asked = asked
        self._parameters: dict[str, Parameter] = {}
        self._rates: list[tuple[str, Rate]] = []
        self._changes: list[tuple[str, SeverityChange]] = []

    def edition(self) -> Edition:
        return dataclasses.replace(
            self._base,
            parameters={**self._base.parameters, **self._parameters},
            rates=(*self._base.rates, *(rate for _, rate in self._rates)),
            changes=(*self._base.changes, *(change for _, change in self._changes)),
        )

    def problems(self, on: datetime.date) -> list[OverlayProblem]:
        if not self._broken:
            self._check_head()
            self._check_parameters()
            for key, entry in self._entries("rate", _RATE_KEYS):
                self._check_rate(key, entry)
            self._check_overlaps()
            for key, entry in self._entries("severity", _SEVERITY_KEYS):
                self._check_severity(key, entry, on)
        return self._found

    def _note(self, key: str, zh: str, en: str, fix_zh: str, fix_en: str) -> None:
        self._found.append(OverlayProblem(key, zh, en, fix_zh, fix_en))

    def _check_head(self) -> None:
        self._check_known("", self._data, _KEYS)
        for key in ("name", "extends"):
            if key not in self._data:
                self._note(key, "缺少这一项", "is missing", f'写上 {key} = "…"', f'write {key} = "…"')
        for key in ("name", "title", "source", "note", "extends"):
            self._text(key, self._data.get(key, "-"))
        extends = self._data.get("extends")
        if not isinstance(extends, str):
            return
        if extends not in edition_names():
            known = ", ".join(edition_names())
            self._note("extends", "没有这个政策版本", "there is no such edition", f"现有 {known}", f"one of {known}")
        elif self._asked is None:
            self._base = edition(extends)
        elif extends not in lineage(self._asked):
            name = self._asked.name
            self._note(
                "extends",
                f"这是 {extends} 的地方文件，不能用于 {name}",
                f"this overlay is for {extends} and does not fit {name}",
                "换一个政策版本或地方文件",
                "choose another edition or overlay",
            )

    def _check_parameters(self) -> None:
        stated = self._data.get("parameters", {})
        if not isinstance(stated, dict):
            self._note("parameters", "应为一个表", "has to be a table", "写成 [parameters]", "write [parameters]")
            return
        for name, value in stated.items():
            self._check_parameter(f"parameters.{clip(name)}", name, value)

    def _check_parameter(self, key: str, name: str, value: object) -> None:
        try:
            typed = parameter_value(value)
        except ValueError as error:
            zh = "应为整数、日期、文字，或写成文字的金额"
            self._note(key, zh, str(error), '例如 2、2018-01-01、"600.00"', 'such as 2, 2018-01-01, "600.00"')
            return
        base = self._base.parameters.get(name)
        if base is None:
            if not _OWN_PARAMETER.fullmatch(name):
                near = _near(name, self._base.tighten)
                self._note(
                    key,
                    f"版本中没有这个参数{_meant_zh(near)}",
                    f"the edition has no such parameter{_meant_en(near)}",
                    "改正名称；自有参数以 local_ 开头",
                    "correct the name; a parameter of one's own begins with local_",
                )
                return
        elif type(typed) is not type(base):
            self._note(
                key,
                "类型与版本中的不同",
                "has another type than in the edition",
                f"写法如 {base}",
                f"write it like {base}",
            )
            return
        elif not self._stricter(name, typed, base):
            direction = self._base.tighten.get(name)
            if direction is None:
                self._note(key, "此参数由政策规定，不能改", "is fixed by the policy", "删去这一项", "remove it")
            else:
                zh, sign = ("不得高于", "at most") if direction == "lower" else ("不得低于", "at least")
                self._note(key, "比版本宽松", "is milder than the edition", f"{zh} {base}", f"{sign} {base}")
            return
        self._parameters[name] = typed

    def _stricter(self, name: str, value: Any, base: Any) -> bool:
        direction = self._base.tighten.get(name)
        return bool(direction and (value <= base if direction == "lower" else value >= base))

    def _entries(self, name: str, known: tuple[str, ...]) -> Iterator[tuple[str, dict[str, Any]]]:
        entries = self._data.get(name, [])
        if not (isinstance(entries, list) and all(isinstance(entry, dict) for entry in entries)):
            self._note(name, "应为若干个表", "has to be a list of tables", f"写成 [[{name}]]", f"write [[{name}]]")
            return
        for number, entry in enumerate(entries, 1):
            key = f"{name}[{number}]"
            self._check_known(f"{key}.", entry, known)
            yield key, entry

    def _check_known(self, prefix: str, data: Mapping[str, Any], known: tuple[str, ...]) -> None:
        for name in data:
            if name not in known:
                near = _near(name, known)
                self._note(
                    f"{prefix}{clip(name)}",
                    f"没有这一项{_meant_zh(near)}",
                    f"is no key here{_meant_en(near)}",
                    f"可用的有 {'、'.join(known)}",
                    f"known are {', '.join(known)}",
                )

    def _text(self, key: str, value: object) -> str | None:
        if isinstance(value, str) and value.strip():
            return value
        self._note(key, "应为文字", "has to be text", '写在双引号里，如 "…"', 'write it in quotes, as "…"')
        return None

    def _code(self, key: str, value: object, codes: CodeList, on: datetime.date | None = None) -> str | None:
        if value is None:
            self._note(key, "缺少这一项", "is missing", f"查代码表 {codes.name}", f"look it up in {codes.name}")
            return None
        code = self._text(key, value)
        if code is None or codes.is_valid(code, on):
            return code
        near = _near(code, codes)
        day = f"{on} 当日" if on else ""
        self._note(
            key,
            f"代码 {clip(code)} {day}不在代码表 {codes.name} 中{_meant_zh(near)}",
            f"code {clip(code)} is not in the list {codes.name}{f' on {on}' if on else ''}{_meant_en(near)}",
            f"查表：kunjing codes show {codes.name}",
            f"look it up: kunjing codes show {codes.name}",
        )
        return None

    def _day(self, key: str, entry: Mapping[str, Any], name: str, *, required: bool) -> datetime.date | None:
        value = entry.get(name)
        if isinstance(value, datetime.date) and not isinstance(value, datetime.datetime):
            return value
        if value is not None or required:
            zh, en = ("应为日期", "has to be a date") if value is not None else ("缺少这一项", "is missing")
            self._note(f"{key}.{name}", zh, en, "写成 2018-01-01，不加引号", "write 2018-01-01 without quotes")
        return None

    def _check_rate(self, key: str, entry: Mapping[str, Any]) -> None:
        before = len(self._found)
        kind = self._code(f"{key}.kind", entry.get("kind"), code_list("benefit_kind"))
        start = self._day(key, entry, "start_date", required=True)
        end = self._day(key, entry, "end_date", required=False)
        statistical = code_list("division_statistical")
        areas = statistical if str(entry.get("division")) in statistical else code_list("division")
        division = self._code(f"{key}.division", entry.get("division"), areas, start)
        unit = self._code(f"{key}.unit", entry.get("unit"), code_list("amount_unit"))
        amount = entry.get("amount")
        if not (isinstance(amount, str) and _AMOUNT.fullmatch(amount) and Decimal(amount) > 0):
            self._note(
                f"{key}.amount",
                "应为写成文字的金额，大于零",
                "has to be an amount above zero, as text",
                '写成 "1050.00"',
                'write "1050.00"',
            )
        if start and end and end < start:
            self._note(f"{key}.end_date", "早于起始日期", "is before start_date", "核对两个日期", "check both days")
        if len(self._found) == before and kind and division and unit and start and isinstance(amount, str):
            self._rates.append((key, Rate(kind, division, start, end, Decimal(amount), unit)))

    def _check_overlaps(self) -> None:
        latest: dict[tuple[str, str], tuple[str, Rate]] = {}
        for key, rate in sorted(self._rates, key=lambda pair: pair[1].start_date):
            earlier = latest.get((rate.kind, rate.division))
            if earlier and (earlier[1].end_date is None or rate.start_date <= earlier[1].end_date):
                self._note(
                    f"{key}.start_date",
                    f"与 {earlier[0]} 的起止期重叠",
                    f"overlaps with {earlier[0]}",
                    "前一标准写上 end_date，为新标准的前一天",
                    "end the earlier rate on the day before",
                )
            longer = earlier and (earlier[1].end_date or datetime.date.max) > (rate.end_date or datetime.date.max)
            if not longer:
                latest[rate.kind, rate.division] = (key, rate)

    def _check_severity(self, key: str, entry: Mapping[str, Any], on: datetime.date) -> None:
        known = {*self._base.severities, *BUILT_IN}
        rule, named = str(entry.get("rule")), entry.get("severity")
        until = self._day(key, entry, "until", required=False)
        reason = self._text(f"{key}.reason", entry["reason"]) if "reason" in entry else None
        if rule not in known:
            near = _near(rule, known)
            self._note(
                f"{key}.rule",
                f"没有这条规则{_meant_zh(near)}",
                f"there is no such rule{_meant_en(near)}",
                "查规则：kunjing rules list",
                "look it up: kunjing rules list",
            )
            return
        if any(rule == change.rule for _, change in self._changes):
            self._note(f"{key}.rule", f"{rule} 已经写过", f"{rule} is given twice", "只保留一项", "keep one")
            return
        if named not in list(Severity):
            self._note(
                f"{key}.severity", "没有这个级别", "is no severity", "error、warning 或 info", "error, warning or info"
            )
            return
        severity = Severity(str(named))
        if severity.rank < self._base.severity_of(rule).rank and not self._may_lower(key, rule, reason, entry):
            return
        if until is not None and until < on:
            self._found.append(
                OverlayProblem(
                    f"{key}.until",
                    f"已于 {until} 到期，不再适用",
                    f"ran out on {until} and applies no more",
                    "删去这一项，或重新说明理由和期限",
                    "remove it, or give a new reason and day",
                    expired=True,
                )
            )
        self._changes.append((key, SeverityChange(rule, severity, reason or "", until)))

    def _may_lower(self, key: str, rule: str, reason: str | None, entry: Mapping[str, Any]) -> bool:
        if rule in self._base.locked:
            self._note(
                f"{key}.severity", f"{rule} 已锁定，不能降级", f"{rule} is locked", "删去这一项", "remove this entry"
            )
            return False
        if reason is None and "reason" not in entry:
            self._note(
                f"{key}.reason", "降级要写明理由", "lowering needs a reason", '写上 reason = "…"', 'write reason = "…"'
            )
        if "until" not in entry:
            self._note(
                f"{key}.until", "降级要写明期限", "lowering needs a last day", "写上 until = 2018-12-31 这样的日期",
                "write until = 2018-12-31 or the like",
            )  # fmt: skip
        return True


def _near(name: str, known: Iterable[str]) -> str | None:
    return next(iter(difflib.get_close_matches(name, list(known), n=1)), None)


def _meant_zh(near: str | None) -> str:
    return f"，是否为 {near}？" if near else ""


def _meant_en(near: str | None) -> str:
    return f"; did you mean {near}?" if near else ""

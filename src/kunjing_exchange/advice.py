"""An assessment in words, Chinese and English: as text, JSON and an HTML page, for a clerk to repeat to a family.

What is said of one file and the list of a batch are written piece by piece, so that a million files need no more memory
than one.
"""

from __future__ import annotations

import html
import json
from collections.abc import Callable, Iterable, Iterator
from decimal import Decimal
from typing import TYPE_CHECKING, Any, TextIO

from kunjing_exchange.codes import code_list
from kunjing_exchange.policy.assess import categories, differences, entitlements

if TYPE_CHECKING:
    from kunjing_exchange.assess import Answer, Assessment, CaseAssessment, Checked, Difference, Entitled, Fact

__all__ = ["as_dict", "write_html", "write_json", "write_json_lines", "write_text"]

_KINDS = {
    "due_not_received": ("应享未享", "due and not received"),
    "received_not_due": ("不应享", "received and not due"),
    "received_twice": ("重复享受", "received twice"),
    "not_ended": ("应退未退", "not ended"),
}
_FIELDS = {
    "subsistence": ("基本生活", "Subsistence"),
    "medical": ("医疗康复", "Medical"),
    "education": ("教育", "Education"),
    "guardianship": ("监护", "Guardianship"),
    "disability": ("残疾儿童福利服务", "Disability services"),
}
_UNITS = {"month": ("每月", "a month"), "year": ("每年", "a year"), "once": ("一次", "once")}
_NOTE = (
    "说明：所列由记录的事实对照政策条款得出，供核实和解释之用；是否认定、享受、终止，由主管机关依程序决定。",
    "Note: this holds the recorded facts against the policy's clauses, to check and to explain. "
    "Recognition, benefits and their end are for the office to decide.",
)

Say = Callable[[str, str], str]


def _say(lang: str) -> Say:
    return (lambda zh, en: zh) if lang == "zh" else (lambda zh, en: en)


def _clause(clause: str, say: Say) -> str:
    return say(f"（{clause}）", f" ({clause})")


def _title(one: Answer | Checked, say: Say) -> str:
    return say(one.title_zh, one.title_en)


def _missing(facts: Iterable[Fact], say: Say) -> Iterator[str]:
    reasons = code_list("unknown_reason")
    for fact in facts:
        if fact.missing is None:
            continue
        if fact.missing == "category":
            yield say(f"是否属于{fact.title}尚不能判断", f"whether {fact.field} holds can't be told yet")
            continue
        reason = (
            say("未填写", "not recorded")
            if fact.missing == "absent"
            else reasons.name_of(fact.missing, lang=say("zh", "en")) or fact.missing
        )
        yield say(f"{fact.title}（{reason}）", f"{fact.field} ({reason})")


def _reason(one: Answer, say: Say) -> str:
    """Why the answer is what it is: the conditions that are met, that fail, or what is missing."""
    joined = say("；", "; ").join
    if one.answer == "yes":
        return joined(_title(condition, say) for condition in one.conditions)
    if one.answer == "no":
        failed = [_title(condition, say) for condition in one.conditions if condition.answer == "no"]
        return say("不满足：", "not met: ") + joined(failed)
    wanting = []
    for condition in one.conditions:
        if condition.answer == "unknown":
            facts = say("、", ", ").join(_missing(condition.facts, say))
            needed = facts or say("有待核实", "to be checked")
            wanting.append(
                say(f"“{_title(condition, say)}”缺少：{needed}", f"“{_title(condition, say)}” lacks: {needed}")
            )
    return joined(wanting)


def _category_line(one: Answer, say: Say) -> str:
    word = {"yes": say("符合", "Yes"), "no": say("不符合", "No"), "unknown": say("不能判断", "Can't tell")}[one.answer]
    held = ""
    if one.recognised_from is not None:
        held = say(f"〔已认定，自 {one.recognised_from}〕", f" [recognised from {one.recognised_from}]")
    elif one.answer == "yes":
        held = say("〔未认定〕", " [not recognised]")
    return f"{word} · {one.id} {_title(one, say)}{held}{say('：', ': ')}{_reason(one, say)}{_clause(one.clause, say)}"


def _yuan(amount: Decimal, unit: str, say: Say) -> str:
    return say(f"{_UNITS[unit][0]} {amount} 元", f"{amount} yuan {_UNITS[unit][1]}")


def _amount(one: Entitled, say: Say) -> str:
    if one.amount is not None:
        return _yuan(one.amount, one.unit or "month", say)
    return (
        say("标准未提供（由当地政策文件给出）", "rate not supplied (the place's overlay gives it)") if one.rated else ""
    )


def _last(one: Entitled) -> str | None:
    """The last day; only its month where the day would give away a masked birth date."""
    return None if one.end_date is None else str(one.end_date)[: None if one.end_date_shown else 7]


def _term(one: Entitled, say: Say) -> str:
    start = say(f"自 {one.start_date}", f"from {one.start_date}") if one.start_date else ""
    last = _last(one)
    end = say(f"至 {last}", f"until {last}") if last else ""
    return " ".join(filter(None, (start, end)))


def _entitlement_line(one: Entitled, names: dict[str, Entitled], say: Say) -> str:
    if one.superseded_by is not None:
        better = names[one.superseded_by]
        return say(
            f"择高 · {one.title_zh}：已由标准更高的“{better.title_zh}”代替，不重复享受（{one.clause}）",
            f"Highest only · {one.title_en}: “{better.title_en}” is drawn in its place ({one.clause})",
        )
    words = {
        ("yes", "due"): ("应享受", "Due"),
        ("yes", "duty"): ("应办理", "To be done"),
        ("yes", "service"): ("可享受", "Open to the child"),
        ("yes", "local"): ("按当地规定", "By local rules"),
    }
    word = say(
        *words.get(
            (one.answer, one.weight), ("不能判断", "Can't tell") if one.answer == "unknown" else ("不应享受", "Not due")
        )
    )
    received = ""
    if one.received is not None and one.answer != "unknown":
        received = say("已享受", "received") if one.received else say("尚未享受", "not received")
        if one.weight == "duty":
            received = say("已办理", "done") if one.received else say("尚未办理", "not done")
    details = say("，", ", ").join(filter(None, (_amount(one, say), _term(one, say), received)))
    shown = say(f"：{details}", f": {details}") if details else ""
    return f"{word} · {_title(one, say)}{shown}{say('；', '; ')}{_reason(one, say)}{_clause(one.clause, say)}"


def _difference_cells(one: Difference, say: Say) -> tuple[str, str, str, str]:
    """Its kind, what it is about, what is the matter and the clause."""
    # what was found is a day, a month, another file or another benefit
    found = code_list("benefit_kind").name_of(one.found or "", lang=say("zh", "en")) or one.found
    told = say(f"（{found}）", f" ({found})") if found else ""
    check = "" if one.certain else say("（请先核实）", " (check first)")
    return (
        say(*_KINDS[one.kind]),
        say(one.about_zh, one.about_en),
        f"{say(one.title_zh, one.title_en)}{told}{check}",
        one.clause,
    )


def _difference_line(one: Difference, say: Say) -> str:
    kind, about, matter, clause = _difference_cells(one, say)
    return f"{kind} · {about}{say('：', ': ')}{matter}{_clause(clause, say)}"


def _sections(case: CaseAssessment, say: Say) -> Iterator[tuple[str, list[str]]]:
    order = {"yes": 0, "unknown": 1, "no": 2}
    yield (
        say("困境类别", "Categories"),
        [_category_line(one, say) for one in sorted(case.categories, key=lambda one: order[one.answer])],
    )
    names = {one.id: one for one in case.entitlements}
    for field, title in _FIELDS.items():
        lines = [_entitlement_line(one, names, say) for one in case.entitlements if one.field == field]
        if lines:
            yield say(*title), lines
    received = [
        f"{say(one.title_zh, one.title_en)}{say('：', ': ')}"
        f"{say('金额不详', 'amount unknown') if one.amount is None else _yuan(one.amount, one.unit, say)}"
        f"{say('，自 ', ', from ')}{one.start_date}"
        for one in case.received
    ]
    yield say("正在享受", "Received"), received or [say("（无）", "(none)")]
    yield (
        say("需要核对的差异", "Differences to look into"),
        [_difference_line(one, say) for one in case.differences] or [say("（无）", "(none)")],
    )


def _heading(assessment: Assessment, say: Say) -> str:
    edition = assessment.edition
    return say(
        f"以 {assessment.on} 为准，按{edition.title_zh}（{edition.source}）",
        f"As of {assessment.on}, by {edition.title_en} ({edition.source})",
    )


def _case_heading(case: CaseAssessment, say: Say) -> str:
    register = say("在册", "on the register") if case.on_register else say("已结案", "closed")
    accepted = (
        say("通过校验", "accepted")
        if case.accepted
        else say("未通过校验，请先更正", "rejected by validation: correct it first")
    )
    return say(f"档案 {case.case_id}（{register}，{accepted}）", f"Case file {case.case_id} ({register}, {accepted})")


def write_text(assessment: Assessment, cases: Iterable[CaseAssessment] | None, stream: TextIO, lang: str) -> None:
    """What is said of ``cases``; without them the list of differences and the totals."""
    say = _say(lang)
    stream.write(_heading(assessment, say) + "\n")
    for case in cases or ():
        stream.write(f"\n{_case_heading(case, say)}\n")
        for title, lines in _sections(case, say):
            stream.write(f"\n  {title}\n")
            stream.writelines(f"    {line}\n" for line in lines)
    if cases is None:
        stream.write("\n")
        for one in assessment.differences():
            stream.write(f"{one.case_id}  {_difference_line(one, say)}\n")
        stream.writelines(f"{line}\n" for line in ("", *_total_lines(assessment, say)))
    stream.write(f"\n{say(*_NOTE)}\n")


def _assessed(assessment: Assessment, say: Say) -> str:
    totals = assessment.totals
    return say(
        f"评估 {totals['assessed']} 份（其中未通过校验 {totals['rejected']} 份），未评估 {totals['left_out']} 份",
        f"assessed {totals['assessed']} (of these rejected by validation {totals['rejected']}), "
        f"left out {totals['left_out']}",
    )


Table = tuple[tuple[str, ...], list[tuple[str, ...]]]


def _total_tables(assessment: Assessment, say: Say) -> Iterator[Table]:
    """Heads and rows: categories, entitlements, differences."""
    totals = assessment.totals
    yes, unknown = say("符合", "yes"), say("不能判断", "can't tell")
    named = {name: say(one.title_zh, one.title_en) for name, one in (*categories().items(), *entitlements().items())}
    yield (
        (say("困境类别", "Categories"), yes, unknown, say("已认定", "recognised")),
        [
            (f"{name} {named[name]}", *(str(counts[key]) for key in ("supported", "unknown", "recognised")))
            for name, counts in totals["categories"].items()
        ],
    )
    yield (
        (say("保障事项", "Entitlements"), yes, unknown, say("已享受", "received")),
        [
            (
                named[name], str(counts["due"]), str(counts["unknown"]),
                say("无记录", "no record") if counts["received"] is None else str(counts["received"]),
            )
            for name, counts in totals["entitlements"].items()
        ],
    )  # fmt: skip
    yield (
        (say("需要核对的差异", "Differences to look into"), say("件数", "count")),
        [
            (f"{say(*_KINDS[one.headers['kind']])} · {say(one.title_zh, one.title_en)}", str(count))
            for one, count in ((differences()[name], count) for name, count in totals["differences"].items())
        ],
    )


def _total_lines(assessment: Assessment, say: Say) -> Iterator[str]:
    yield _assessed(assessment, say)
    for (_, *heads), rows in _total_tables(assessment, say):
        for name, *counts in rows:
            told = (f"{head} {count}" for head, count in zip(heads, counts, strict=True))
            yield f"{name}{say('：', ': ')}{say('，', ', ').join(told)}"


def _answer_dict(one: Answer, lang: str) -> dict[str, Any]:
    say = _say(lang)
    return {
        "id": one.id,
        "title": _title(one, say),
        "clause": one.clause,
        "answer": one.answer,
        "why": _reason(one, say),
        "conditions": [
            {
                "id": condition.id,
                "title": _title(condition, say),
                "answer": condition.answer,
                "used": [_fact(fact, "value", fact.value) for fact in condition.facts if fact.value is not None],
                "missing": [
                    _fact(fact, "reason", fact.missing) for fact in condition.facts if fact.missing is not None
                ],
            }
            for condition in one.conditions
        ],
    }


def _fact(fact: Fact, name: str, value: str | None) -> dict[str, str | None]:
    return {"field": fact.field, "title": fact.title, name: value}


def _text(value: object) -> str | None:
    return None if value is None else f"{value:.2f}" if isinstance(value, Decimal) else str(value)


def _difference_dict(one: Difference, lang: str) -> dict[str, Any]:
    say = _say(lang)
    return {
        "case_id": one.case_id,
        "kind": one.kind,
        "id": one.id,
        "title": say(one.title_zh, one.title_en),
        "clause": one.clause,
        "about": one.about,
        "about_title": say(one.about_zh, one.about_en),
        "found": one.found,
        "certain": one.certain,
    }


def as_dict(case: CaseAssessment, lang: str) -> dict[str, Any]:
    """One file's assessment for JSON; the keys are a promise to scripts."""
    return {
        "case_id": case.case_id,
        "accepted": case.accepted,
        "on_register": case.on_register,
        "categories": [
            {**_answer_dict(one, lang), "recognised_from": _text(one.recognised_from)} for one in case.categories
        ],
        "entitlements": [
            {
                **_answer_dict(one, lang),
                "field": one.field,
                "weight": one.weight,
                "rate": "supplied" if one.amount is not None else "not supplied" if one.rated else None,
                "amount": _text(one.amount),
                "unit": one.unit,
                "start_date": _text(one.start_date),
                "end_date": _last(one),
                "received": one.received,
                "superseded_by": one.superseded_by,
            }
            for one in case.entitlements
        ],
        "received": [
            {
                "kind": one.kind,
                "title": _say(lang)(one.title_zh, one.title_en),
                "amount": _text(one.amount),
                "unit": one.unit,
                "start_date": _text(one.start_date),
            }
            for one in case.received
        ],
        "differences": [_difference_dict(one, lang) for one in case.differences],
    }


def write_json(assessment: Assessment, cases: Iterable[CaseAssessment] | None, stream: TextIO, lang: str) -> None:
    """One document: what is said of ``cases``; without them the differences. The totals either way."""
    head = {
        "on": str(assessment.on),
        "edition": assessment.edition.name,
        "verdict": assessment.verdict.value,
        "note": _say(lang)(*_NOTE),
        "totals": assessment.totals,
    }
    stream.write(json.dumps(head, ensure_ascii=False)[:-1])
    if cases is None:
        name, items = "differences", (_difference_dict(one, lang) for one in assessment.differences())
    else:
        name, items = "cases", (as_dict(case, lang) for case in cases)
    stream.write(f', "{name}": [')
    separator = "\n"
    for item in items:
        stream.write(separator + json.dumps(item, ensure_ascii=False))
        separator = ",\n"
    stream.write("\n]}\n")


def write_json_lines(assessment: Assessment, cases: Iterable[CaseAssessment] | None, stream: TextIO, lang: str) -> None:
    """One file's whole assessment a line, and the totals last."""
    for case in assessment if cases is None else cases:
        stream.write(json.dumps({"case": as_dict(case, lang)}, ensure_ascii=False) + "\n")
    stream.write(json.dumps({"totals": assessment.totals}, ensure_ascii=False) + "\n")


_STYLE = """
:root{color-scheme:light dark}
body{font:16px/1.6 "Noto Sans CJK SC","Microsoft YaHei","PingFang SC",sans-serif}
body{margin:1.5rem auto;max-width:60rem;padding:0 1rem}
h1{font-size:1.4rem}h2{font-size:1.2rem;border-bottom:2px solid #8886}h3{font-size:1rem;margin-bottom:.2rem}
table{border-collapse:collapse;margin:.6rem 0;width:100%}
th,td{border-bottom:1px solid #8886;padding:.3rem .6rem;text-align:left;vertical-align:top}
th{white-space:nowrap}td:first-child{overflow-wrap:anywhere;min-width:8rem}
.count :not(:first-child){text-align:right;width:6rem}
li{margin:.25rem 0}.note{border:1px solid #8886;border-radius:.4rem;padding:.5rem .8rem}
@media(max-width:40rem){
.cases thead{display:none}.cases tr,.cases td{display:block}.cases td{border:0;padding:.1rem 0}
.cases tr{border-bottom:1px solid #8886}
}
"""


def write_html(assessment: Assessment, cases: Iterable[CaseAssessment] | None, stream: TextIO, lang: str) -> None:
    """A page that needs nothing else and runs nothing."""
    say = _say(lang)
    title = html.escape(say("困境儿童政策对照", "Assessment against the policy"))
    stream.write(
        f'<!DOCTYPE html>\n<html lang="{say("zh-CN", "en")}">\n<head>\n<meta charset="utf-8">\n'
        "<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; style-src 'unsafe-inline'\">\n"
        '<meta name="viewport" content="width=device-width">\n'
        f"<title>{title}</title>\n<style>{_STYLE}</style>\n</head>\n<body>\n"
        f"<h1>{title}</h1>\n<p>{html.escape(_heading(assessment, say))}</p>\n"
        f'<p class="note">{html.escape(say(*_NOTE))}</p>\n'
    )
    for case in cases or ():
        stream.write(f"<h2>{html.escape(_case_heading(case, say))}</h2>\n")
        for name, lines in _sections(case, say):
            _write_list(stream, name, lines)
    if cases is None:
        _write_batch(assessment, stream, say)
    stream.write("</body>\n</html>\n")


def _write_batch(assessment: Assessment, stream: TextIO, say: Say) -> None:
    heads = [
        say(*head)
        for head in (
            ("档案", "Case file"),
            ("差异", "Difference"),
            ("事项", "About"),
            ("情况", "What"),
            ("依据", "Clause"),
        )
    ]
    stream.write(f"<h2>{say('需要核对的差异', 'Differences to look into')}</h2>\n")
    if assessment.totals["differences"]:
        rows = ((one.case_id, *_difference_cells(one, say)) for one in assessment.differences())
        _write_table(stream, "cases", heads, rows)
    else:
        stream.write(f"<p>{say('（无）', '(none)')}</p>\n")
    stream.write(f"<h2>{say('合计', 'Totals')}</h2>\n<p>{html.escape(_assessed(assessment, say))}</p>\n")
    for names, counted in _total_tables(assessment, say):
        if counted:
            _write_table(stream, "count", names, counted)


def _write_table(stream: TextIO, name: str, heads: Iterable[str], rows: Iterable[tuple[str, ...]]) -> None:
    shown = "".join(f"<th>{html.escape(head)}</th>" for head in heads)
    stream.write(f'<table class="{name}">\n<thead><tr>{shown}</tr></thead>\n<tbody>\n')
    for first, *others in rows:
        cells = "".join(f"<td>{html.escape(cell)}</td>" for cell in others)
        stream.write(f"<tr><td>{html.escape(first)}</td>{cells}</tr>\n")
    stream.write("</tbody>\n</table>\n")


def _write_list(stream: TextIO, title: str, lines: Iterable[str]) -> None:
    stream.write(f"<h3>{html.escape(title)}</h3>\n<ul>\n")
    stream.writelines(f"<li>{html.escape(line)}</li>\n" for line in lines)
    stream.write("</ul>\n")

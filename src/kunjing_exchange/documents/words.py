"""The words that all documents share: verdicts, severities, states, places."""

from __future__ import annotations

from kunjing_exchange.findings import BUILT_IN, Finding, Location, Verdict
from kunjing_exchange.rules import rule

__all__ = [
    "finding_line",
    "left_out_text",
    "pick",
    "place_text",
    "remedy",
    "severity_text",
    "state_text",
    "title_of",
    "verdict_text",
]

_VERDICTS = {
    Verdict.ACCEPTED: ("接受", "accepted"),
    Verdict.ACCEPTED_WITH_WARNINGS: ("接受，有提醒", "accepted with warnings"),
    Verdict.PARTLY_ACCEPTED: ("部分接受", "partly accepted"),
    Verdict.REJECTED: ("退回", "rejected"),
    Verdict.UNDETERMINED: ("不能确定", "undetermined"),
}
_SEVERITIES = {"error": ("错误", "error"), "warning": ("提醒", "warning"), "info": ("说明", "info")}
_STATES = {"new": ("新增", "new"), "still_open": ("仍未更正", "still open"), "fixed": ("已更正", "fixed")}


def pick(lang: str, zh: str, en: str) -> str:
    """The text in ``zh`` or ``en``."""
    return zh if lang == "zh" else en


def verdict_text(verdict: Verdict, lang: str) -> str:
    """A verdict in words."""
    return pick(lang, *_VERDICTS[verdict])


def severity_text(severity: str, lang: str) -> str:
    """A severity in words."""
    return pick(lang, *_SEVERITIES[severity])


def state_text(state: str, lang: str) -> str:
    """``new``, ``still_open`` or ``fixed`` in words."""
    return pick(lang, *_STATES[state])


def title_of(finding_id: str, lang: str) -> str:
    """The title of a rule or built-in finding."""
    one = BUILT_IN.get(finding_id) or rule(finding_id)
    return pick(lang, one.title_zh, one.title_en)


def remedy(finding: Finding, lang: str) -> str | None:
    """What to do about a finding."""
    return finding.fix_zh if lang == "zh" else finding.fix_en


def left_out_text(count: int, lang: str) -> str:
    """What a document that was cut says at its end."""
    return pick(lang, f"另有 {count} 处未列出", f"{count} more are not listed")


def place_text(place: Location, lang: str) -> str:
    """The cell, the line or the position in the array, whichever is known; a department's element beside its line."""
    line = pick(lang, f"第 {place.line} 行", f"line {place.line}") if place.line is not None else ""
    if place.cell is not None:
        return place.cell if "!" in place.cell else f"{line} {place.cell}".strip()
    if line:
        return line
    return f"[{place.index}]" if place.index is not None else ""


def finding_line(finding: Finding, lang: str, heading: str = "") -> str:
    """Place, message, value and expectation in a line; the message is left out where it repeats the heading."""
    message = finding.message(lang)
    place = finding.location
    parts = [place_text(place, lang), place.record, place.path, message if message != heading else ""]
    if finding.value is not None and finding.value not in message:
        parts.append(f"{pick(lang, '值', 'value')} {finding.value}")
    # Masked, the two often look the same, and say nothing.
    if finding.expected is not None and finding.expected != finding.value and finding.expected not in message:
        parts.append(f"{pick(lang, '应为', 'expected')} {finding.expected}")
    return "  ".join(part for part in parts if part)

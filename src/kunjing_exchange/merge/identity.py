"""Which case file a department's record is about, told by identifier."""

from __future__ import annotations

import datetime
import re
from collections.abc import Iterator, Sequence

from kunjing_exchange.identifiers import check_digit
from kunjing_exchange.merge.rules import known
from kunjing_exchange.wire import Plain

__all__ = ["identifiers", "linked", "person_numbers", "refusal"]

_RESIDENT = re.compile("[0-9]{17}[0-9X]")


def _number(child: Plain) -> str | None:
    """The identity document as kind and number; a number that can only be a resident id needs no kind."""
    number, kind = child.get("id_number"), child.get("id_document_type")
    if not isinstance(number, str):
        return None
    return f"id:{kind or ('111' if _RESIDENT.fullmatch(number) else '')}:{number}"


def _holder(number: str) -> Iterator[str]:
    """The resident id of which a certificate or student number is made, where its check digit is right."""
    if _RESIDENT.fullmatch(number) and check_digit(number[:17]) == number[17]:
        yield f"id:111:{number}"


def identifiers(data: Plain) -> frozenset[str]:
    """The identifiers by which a case file, or a department's record, says whose it is."""
    found = {f"case:{data['case_id']}"} if "case_id" in data else set()
    if number := _number(data.get("child", {})):
        found.add(number)
    for item in data.get("disability", ()):
        if known(number := item.get("certificate_no")):
            found |= {f"certificate:{number}", *_holder(number[:18])}
    for item in data.get("schooling", ()):
        if known(number := item.get("student_no")):
            found |= {f"student:{number}", *(_holder(number[1:]) if number[0] == "G" else ())}
    return frozenset(found)


def person_numbers(data: Plain) -> frozenset[str]:
    """The departments' own numbers of the child: the record's, or those of the insurance that a case file has."""
    if "record_key" in data:
        return frozenset({f"person:{data['department']}:{data['person_no']}"} if "person_no" in data else ())
    numbers = (item.get("person_no") for item in data.get("insurance", ()))
    return frozenset(f"person:health_insurance:{number}" for number in numbers if number)


def refusal(data: Plain, on: datetime.date) -> str | None:
    """Why a record says nothing, whoever it is about."""
    if data["as_of"] > on.isoformat():
        return "not_yet"
    if data.get("valid") is False:
        return "void"
    if data.get("answered") is False:
        return "unanswered"
    if any(item["kind"] == "withdrawal" for item in data.get("correction", ())):
        return "withdrawn"
    return None


def _stranger(case: Plain, data: Plain) -> str | None:
    """Why a record is not about the child of a case file, its department's own number of the child aside."""
    shared = identifiers(case) & identifiers(data)
    if not shared:
        return "unknown"
    here, there = _number(case["child"]), _number(data.get("child", {}))
    told = any(key.startswith("case:") for key in shared)
    if here and there and here != there and here.split(":")[1] == there.split(":")[1] and not told:
        return "contradictory"
    return None


def linked(case: Plain, records: Sequence[Plain]) -> list[str | None]:
    """For every record, why it is not about the child; None where it is.

    A record that has nothing but its department's own number of the child is joined by it: to the case file that has
    the number, or to the department's other records of the child.
    """
    reasons = [_stranger(case, data) for data in records]
    persons = person_numbers(case).union(
        *(person_numbers(data) for data, reason in zip(records, reasons, strict=True) if reason is None)
    )
    return [
        None if reason == "unknown" and not identifiers(data) and person_numbers(data) & persons else reason
        for data, reason in zip(records, reasons, strict=True)
    ]

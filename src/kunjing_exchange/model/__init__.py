"""The canonical records. Plain, frozen, strict Pydantic models: no XML, no SQL, no file.

``CaseFile`` is the aggregate (一人一档); ``Organisation``, ``Worker`` and ``ServiceSite`` travel beside it; ``Header``
opens a submission. :data:`TOP_RECORDS` names the records that stand alone in a submission, :data:`RECORDS` all of them.
"""

from __future__ import annotations

from kunjing_exchange.model.benefit import Benefit, Payment, ProtectionGap
from kunjing_exchange.model.case_file import CaseFile
from kunjing_exchange.model.child import Child, ChildFacts, Circumstances, Disability, Illness
from kunjing_exchange.model.department import (
    Claim,
    Correction,
    DepartmentRecord,
    Registration,
    Relative,
    RollChange,
)
from kunjing_exchange.model.determination import Determination, Procedure
from kunjing_exchange.model.element import (
    POLICY,
    UNKNOWN_REASON,
    Element,
    Fact,
    Lexical,
    Record,
    Unknown,
    elements,
    record_types,
)
from kunjing_exchange.model.guardian import CareArrangement, CareInquiry, Guardian, ParentSituation
from kunjing_exchange.model.household import Household, HouseholdHardship, Member
from kunjing_exchange.model.insurance import Insurance, MedicalAssistance
from kunjing_exchange.model.organisation import Organisation, ServiceSite, Worker
from kunjing_exchange.model.rows import Row
from kunjing_exchange.model.safety import SafetyEvent
from kunjing_exchange.model.schooling import Schooling
from kunjing_exchange.model.service import Handover, Referral, Service, Visit
from kunjing_exchange.model.submission import Header

__all__ = [
    "KNOWN_NAMES",
    "NAMESPACE",
    "POLICY",
    "RECORDS",
    "TOP_RECORDS",
    "UNKNOWN_REASON",
    "VERSION",
    "Benefit",
    "CareArrangement",
    "CareInquiry",
    "CaseFile",
    "Child",
    "ChildFacts",
    "Circumstances",
    "Claim",
    "Correction",
    "DepartmentRecord",
    "Determination",
    "Disability",
    "Element",
    "Fact",
    "Guardian",
    "Handover",
    "Header",
    "Household",
    "HouseholdHardship",
    "Illness",
    "Insurance",
    "Lexical",
    "MedicalAssistance",
    "Member",
    "Organisation",
    "ParentSituation",
    "Payment",
    "Procedure",
    "ProtectionGap",
    "Record",
    "Referral",
    "Registration",
    "Relative",
    "RollChange",
    "Row",
    "SafetyEvent",
    "Schooling",
    "Service",
    "ServiceSite",
    "Unknown",
    "Visit",
    "Worker",
    "elements",
    "record_types",
]

VERSION = "1"
"""Wire version: the ``version`` of a header, the ``v1`` of the schemas."""

NAMESPACE = "urn:kunjing-exchange:v1"
"""XML namespace and prefix of the JSON Schema ids."""

TOP_RECORDS: dict[str, type[Record]] = {
    record.table(): record for record in (Organisation, Worker, ServiceSite, CaseFile, DepartmentRecord)
}
"""The records that stand alone in a submission, by name, in canonical order."""

_TOPS: tuple[type[Record], ...] = (Header, *TOP_RECORDS.values())

RECORDS: dict[str, type[Record]] = {nested.table(): nested for record in _TOPS for nested in record_types(record)}
"""Every canonical record by name, outer before inner."""

KNOWN_NAMES: frozenset[str] = frozenset(RECORDS) | {
    name
    for record in RECORDS.values()
    for element in elements(record)
    for name in (element.name, element.title, element.xml_name)
}
"""Names and titles that are the models' own: any other key or heading of an input may be somebody's name."""

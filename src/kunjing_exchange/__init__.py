"""Records of children in difficulty (困境儿童): exchange, validation, conversion and reports by 豫政办〔2017〕47号.

The public names below are loaded when they are first used, so that ``import kunjing_exchange`` costs nothing::

    from kunjing_exchange import validate

    findings = validate("county.xml")
    print(findings.verdict)
"""

from __future__ import annotations

import importlib
import sys
from types import ModuleType
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from kunjing_exchange.assess import Assessment, assess
    from kunjing_exchange.codes import CodeList, code_list
    from kunjing_exchange.convert import convert
    from kunjing_exchange.errors import ExchangeError
    from kunjing_exchange.findings import Finding, Location, Severity, Verdict
    from kunjing_exchange.generate import generate
    from kunjing_exchange.identifiers import IDENTIFIERS
    from kunjing_exchange.merge import Merge, Merging, merge, merge_files
    from kunjing_exchange.model import CaseFile, DepartmentRecord, Header, Organisation, ServiceSite, Unknown, Worker
    from kunjing_exchange.policy import Edition, edition
    from kunjing_exchange.read import read
    from kunjing_exchange.reconcile import Reconciliation, reconcile
    from kunjing_exchange.report import report
    from kunjing_exchange.validate import Findings, validate

__version__ = "0.1.0"

_HOMES = {
    "Assessment": "assess",
    "CaseFile": "model",
    "CodeList": "codes",
    "DepartmentRecord": "model",
    "Edition": "policy",
    "ExchangeError": "errors",
    "Finding": "findings",
    "Findings": "validate",
    "Header": "model",
    "IDENTIFIERS": "identifiers",
    "Location": "findings",
    "Merge": "merge",
    "Merging": "merge",
    "Organisation": "model",
    "Reconciliation": "reconcile",
    "ServiceSite": "model",
    "Severity": "findings",
    "Unknown": "model",
    "Verdict": "findings",
    "Worker": "model",
    "assess": "assess",
    "code_list": "codes",
    "convert": "convert",
    "edition": "policy",
    "generate": "generate",
    "merge": "merge",
    "merge_files": "merge",
    "read": "read",
    "reconcile": "reconcile",
    "report": "report",
    "validate": "validate",
}

__all__ = [
    "IDENTIFIERS",
    "Assessment",
    "CaseFile",
    "CodeList",
    "DepartmentRecord",
    "Edition",
    "ExchangeError",
    "Finding",
    "Findings",
    "Header",
    "Location",
    "Merge",
    "Merging",
    "Organisation",
    "Reconciliation",
    "ServiceSite",
    "Severity",
    "Unknown",
    "Verdict",
    "Worker",
    "__version__",
    "assess",
    "code_list",
    "convert",
    "edition",
    "generate",
    "merge",
    "merge_files",
    "read",
    "reconcile",
    "report",
    "validate",
]


def __getattr__(name: str) -> Any:
    home = _HOMES.get(name)
    if home is None:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    value = getattr(importlib.import_module(f"{__name__}.{home}"), name)
    globals()[name] = value
    return value


class _Package(ModuleType):
    """A verb's name is its function, though its module has the same name and Python would set that here on import."""

    def __setattr__(self, name: str, value: object) -> None:
        if not (name in _HOMES and isinstance(value, ModuleType)):
            super().__setattr__(name, value)


sys.modules[__name__].__class__ = _Package

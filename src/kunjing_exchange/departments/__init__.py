"""The departments' own layouts, to and from the canonical model.

Each department is a folder: ``layouts.toml`` says which records it exchanges, one CSV table for each maps every element
to its canonical home (:mod:`.layout` describes the columns), ``values.csv`` holds its own words for codes.
:func:`open_reader` reads a department's file as canonical records of kind ``department_record``;
:class:`DepartmentWriter` writes it back, :class:`PurposeWriter` what may go to whom.
"""

from __future__ import annotations

from kunjing_exchange.departments.layout import DEPARTMENTS, Department, Layout, department, layout, layouts
from kunjing_exchange.departments.mapping import LocalCodes, Mapping, local_codes, mapping
from kunjing_exchange.departments.purpose import Purpose, PurposeWriter, purpose, purposes
from kunjing_exchange.departments.reading import DepartmentReader, open_reader, recognise
from kunjing_exchange.departments.writing import DepartmentWriter

__all__ = [
    "DEPARTMENTS",
    "Department",
    "DepartmentReader",
    "DepartmentWriter",
    "Layout",
    "LocalCodes",
    "Mapping",
    "Purpose",
    "PurposeWriter",
    "department",
    "layout",
    "layouts",
    "local_codes",
    "mapping",
    "open_reader",
    "purpose",
    "purposes",
    "recognise",
]

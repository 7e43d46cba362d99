"""The forms that national and international standards ask for, made from the models, the code lists and the tables.

Data elements (GB/T 18391, GB/T 19488.1), code lists (genericode 1.0), catalogue entries (GB/T 21063 and the guide of
2017), datasets (Parquet, Frictionless Data Package, DCAT), a JSON-LD context, and SDMX. Nothing here is said twice:
what is written is what the models, the lists and the tables say, with the certainty they have.
"""

from __future__ import annotations

from kunjing_exchange.export.catalogue import CATALOGUE_FORMATS, Provider, catalogue, write_catalogue
from kunjing_exchange.export.codelists import CODE_FORMATS, write_all_codes, write_codes
from kunjing_exchange.export.dataset import Dataset, export_dataset
from kunjing_exchange.export.elements import ELEMENT_FORMATS, data_elements, write_elements
from kunjing_exchange.export.jsonld import jsonld_context
from kunjing_exchange.export.sdmx import DATA_FORMATS, STRUCTURE_FORMATS, read_report, write_data, write_structures

__all__ = [
    "CATALOGUE_FORMATS",
    "CODE_FORMATS",
    "DATA_FORMATS",
    "ELEMENT_FORMATS",
    "STRUCTURE_FORMATS",
    "Dataset",
    "Provider",
    "catalogue",
    "data_elements",
    "export_dataset",
    "jsonld_context",
    "read_report",
    "write_all_codes",
    "write_catalogue",
    "write_codes",
    "write_data",
    "write_elements",
    "write_structures",
]

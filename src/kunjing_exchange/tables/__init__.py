"""The canonical records as relational tables: definitions made from the models, and the typed load.

One table a record type, named as the record. Keys are the exchange's own: ``record_no`` numbers the records of a
submission from 1 (the header is 0), ``item_no`` numbers what repeats within its parent from 1, and a table below a
repeating one also carries its parent's number (``payment.benefit_item_no``). A case id may be given twice by mistake;
``record_no`` can't. The submission before has the same tables with ``previous_`` before their names.
"""

from __future__ import annotations

from kunjing_exchange.tables.definition import (
    PREVIOUS,
    PREVIOUS_TABLES,
    TABLES,
    Column,
    Table,
    create_sql,
    tables_of,
    tables_sql,
)
from kunjing_exchange.tables.load import Flattener, Lines, Loader, shape

__all__ = [
    "PREVIOUS",
    "PREVIOUS_TABLES",
    "TABLES",
    "Column",
    "Flattener",
    "Lines",
    "Loader",
    "Table",
    "create_sql",
    "shape",
    "tables_of",
    "tables_sql",
]

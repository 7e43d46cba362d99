"""What the rows of the table run, each in a process of its own: ``python peers.py NAME FILE [TARGET]``.

The last line of standard output says how many records were met and how many of them were bad; a row that writes adds
the processor seconds of its writing. Every peer does as much of the schema as it can, the way its documentation shows.
"""

from __future__ import annotations

import functools
import importlib
import itertools
import json
import pathlib
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from typing import Any

ROOT = pathlib.Path(__file__).resolve().parents[1]
XSD = ROOT / "schemas" / "v1" / "submission.xsd"
BATCH = 500


def lines(path: str) -> Iterator[tuple[str, bytes]]:
    """The kind and the JSON of each record of JSON Lines, unparsed."""
    with open(path, "rb") as stream:
        for line in stream:
            name, _, rest = line.partition(b":")
            yield name[2:-1].decode(), rest.rstrip()[:-1]


def _count(verdicts: Iterator[bool]) -> str:
    found = list(verdicts)
    return f"{len(found)} records, {found.count(False)} bad"


def jsonschema_rs(path: str) -> str:
    """Every line parsed, and judged by its kind's schema."""
    import jsonschema_rs

    from kunjing_exchange.wire.json_schema import json_schema

    judge = functools.cache(lambda kind: jsonschema_rs.Draft202012Validator(json_schema(kind)))
    return _count(judge(kind).is_valid(json.loads(body)) for kind, body in lines(path))


def jsonschema(path: str) -> str:
    """Every line parsed, and judged by its kind's schema."""
    import jsonschema

    from kunjing_exchange.wire.json_schema import json_schema

    judge = functools.cache(lambda kind: jsonschema.Draft202012Validator(json_schema(kind)))
    return _count(judge(kind).is_valid(json.loads(body)) for kind, body in lines(path))


def pydantic(path: str) -> str:
    """Every line parsed by Pydantic, and made a model."""
    from pydantic_core import from_json

    from kunjing_exchange.wire import KINDS

    return _count(KINDS[kind].model_validate(from_json(body)) is not None for kind, body in lines(path))


def read(path: str) -> str:
    """This library's records as models."""
    from kunjing_exchange import read

    return _count(record is not None for record in read(path))


def xmlschema(path: str) -> str:
    """The whole document at once, which is quicker than its lazy mode."""
    import xmlschema

    schema = xmlschema.XMLSchema(str(XSD))
    resource = xmlschema.XMLResource(path)
    bad = sum(1 for _ in schema.iter_errors(resource))
    return f"{len(resource.root)} records, {bad} bad"


def xsdata(path: str, folder: str) -> str:
    """The whole document parsed into the classes that :func:`xsdata_classes` has generated."""
    from xsdata.formats.dataclass.parsers import XmlParser

    sys.path.insert(0, folder)
    whole = XmlParser().parse(path, importlib.import_module("kunjing_classes").Submission)
    lists = (value for value in vars(whole).values() if isinstance(value, list))
    return f"{1 + sum(map(len, lists))} records, 0 bad"


def xsdata_classes(folder: str) -> str:
    """Generate xsdata's classes from our XSD."""
    place = str(pathlib.Path(sys.executable).parent)
    command = [sys.executable, "-m", "xsdata", "generate", str(XSD), "--package", "kunjing_classes",
               "--structure-style", "single-package"]  # fmt: skip
    # xsdata formats what it writes by a ruff that it looks for on the path
    run = subprocess.run(command, cwd=folder, capture_output=True, text=True, env={"PATH": place})
    if run.returncode:
        raise SystemExit(run.stderr.strip().splitlines()[-1])
    return "generated"


def pydantic_xml(path: str) -> str:
    """One record after another cut out by lxml, as pydantic-xml has no stream, and made a model of pydantic-xml.

    It takes an element with xsi:nil for absent, so that unknown facts lose their reasons.
    """
    from lxml import etree

    from kunjing_exchange.model import NAMESPACE
    from kunjing_exchange.wire import KINDS

    models = {f"{{{NAMESPACE}}}{record.__name__}": _pydantic_xml_model(record) for record in KINDS.values()}

    def records() -> Iterator[bool]:
        for _, element in etree.iterparse(path, tag=tuple(models)):
            yield models[element.tag].from_xml_tree(element) is not None
            element.clear()
            while element.getprevious() is not None:
                del element.getparent()[0]

    return _count(records())


@functools.cache
def _pydantic_xml_model(record: Any) -> Any:
    """A model of pydantic-xml made of a record's declarations."""
    import pydantic_xml

    from kunjing_exchange.model import NAMESPACE, elements

    fields: dict[str, Any] = {}
    inner: Any
    for one in elements(record):
        if one.record is not None:
            inner = _pydantic_xml_model(one.record)
        elif one.fact:
            inner = _pydantic_xml_fact(one.lexical)
        else:
            inner = _pydantic_xml_type(one.lexical)
        kind = list[inner] if one.repeated else inner if one.required else inner | None
        more = {"default_factory": list} if one.repeated else {} if one.required else {"default": None}
        fields[one.name] = (kind, pydantic_xml.element(tag=one.xml_name, **more))
    return pydantic_xml.create_model(record.__name__, __tag__=record.__name__, __nsmap__={"": NAMESPACE}, **fields)


@functools.cache
def _pydantic_xml_fact(lexical: Any) -> Any:
    import pydantic_xml

    from kunjing_exchange.model import NAMESPACE, UNKNOWN_REASON

    spaces = {"": NAMESPACE, "xsi": "http://www.w3.org/2001/XMLSchema-instance"}
    return pydantic_xml.create_model(
        f"Fact{lexical.name}",
        __nsmap__=spaces,
        value=(_pydantic_xml_type(lexical) | None, None),
        nil=(bool | None, pydantic_xml.attr(name="nil", ns="xsi", default=None)),
        unknown=(_pydantic_xml_type(UNKNOWN_REASON) | None, pydantic_xml.attr(name="unknown", default=None)),
    )


@functools.cache
def _pydantic_xml_type(lexical: Any) -> Any:
    """The type as one writes it by hand: Pydantic's own where there is one, else a text by its pattern."""
    import datetime
    import decimal
    from typing import Annotated

    from pydantic import Field

    if lexical.kind == "integer":
        return Annotated[int, Field(ge=0, lt=10**lexical.max_length)]
    plain = {"boolean": bool, "date": datetime.date, "datetime": datetime.datetime, "money": decimal.Decimal}
    if lexical.kind in plain:
        return plain[lexical.kind]
    pattern = f"^(?:{lexical.pattern})$"
    return Annotated[str, Field(pattern=pattern, min_length=lexical.min_length, max_length=lexical.max_length)]


def write_xml(path: str, target: str) -> str:
    """Our XML of plain records."""
    return _written_by_us("xml", path, target)


def write_jsonl(path: str, target: str) -> str:
    """Our JSON Lines of plain records."""
    return _written_by_us("jsonl", path, target)


def _written_by_us(to: str, path: str, target: str) -> str:
    from kunjing_exchange.wire import open_writer

    with open(target, "wb") as stream:
        writer = open_writer(to, stream)
        told = _written(path, lambda kind, body: (kind, json.loads(body)), lambda one: writer.write(*one))
        writer.close()
    return told


def write_pydantic(path: str, target: str) -> str:
    """Pydantic's JSON of models, a line each."""
    from kunjing_exchange.wire import KINDS

    with open(target, "w", encoding="utf-8") as stream:

        def put(model: Any) -> None:
            stream.write(model.model_dump_json(exclude_unset=True))
            stream.write("\n")

        return _written(path, lambda kind, body: KINDS[kind].model_validate(json.loads(body)), put)


def write_pydantic_xml(path: str, target: str) -> str:
    """pydantic-xml's XML of its models, one after another."""
    from kunjing_exchange.wire import KINDS

    def make(kind: str, body: bytes) -> Any:
        data = json.loads(body)
        return _pydantic_xml_model(KINDS[kind]).model_validate(_for_pydantic_xml(KINDS[kind], data))

    with open(target, "wb") as stream:
        return _written(path, make, lambda model: stream.write(model.to_xml(exclude_none=True, skip_empty=True)))


def _for_pydantic_xml(record: Any, data: dict[str, Any]) -> dict[str, Any]:
    """A plain record with its facts in the shape of :func:`_pydantic_xml_fact`."""
    from kunjing_exchange.model import elements

    found = {}
    for one in elements(record):
        value = data.get(one.name)
        if value is None:
            continue
        if one.record is not None:
            many = [_for_pydantic_xml(one.record, item) for item in (value if one.repeated else [value])]
            value = many if one.repeated else many[0]
        elif one.fact:
            value = {"nil": True, **value} if isinstance(value, dict) else {"value": value}
        found[one.name] = value
    return found


def _written(path: str, make: Callable[[str, bytes], Any], put: Callable[[Any], object]) -> str:
    """Make a batch, write it with the clock running, and so on."""
    seconds, count = 0.0, 0
    records = lines(path)
    while batch := list(itertools.islice(records, BATCH)):
        made = [make(kind, body) for kind, body in batch]
        before = time.process_time()
        for one in made:
            put(one)
        seconds += time.process_time() - before
        count += len(made)
    return f"{count} records, 0 bad, {seconds} s"


if __name__ == "__main__":
    print(globals()[sys.argv[1]](*sys.argv[2:]))

"""The schemas as referees: xmllint, xmlschema and jsonschema judge a document as our own schema layer does."""

from __future__ import annotations

import contextlib
import copy
import functools
import json
import os
import pathlib
import random
import re
import shutil
import subprocess
from collections.abc import Iterator
from typing import Any

import jsonschema
import pytest
import xmlschema
from lxml import etree

import made
from kunjing_exchange.convert import convert
from kunjing_exchange.errors import UnreadableInput
from kunjing_exchange.findings import BUILT_IN
from kunjing_exchange.wire import open_reader, open_source
from kunjing_exchange.wire.xml import write_single

ROOT = pathlib.Path(__file__).parents[1]
SCHEMAS = ROOT / "schemas" / "v1"
SUITE = ROOT / "tests" / "conformance" / "v1"
# What XSD can't always say: it knows no reason beside xsi:nil and takes an empty record.
BEYOND_XSD = {"KJ-SYS-027", "KJ-SYS-028", "KJ-SYS-009", "KJ-SYS-010", "KJ-SYS-011"}


def ours(raw: bytes) -> set[str]:
    """The ids of what reading and schema find."""
    with open_source(raw) as source:
        reader = open_reader(source)
        found = {problem.id for located in reader for problem in located.problems}
        found |= {problem.id for problem in (*reader.problems, *source.problems)}
    return {one for one in found if BUILT_IN[one].severity == "error"}


@functools.cache
def xsd() -> xmlschema.XMLSchema:
    return xmlschema.XMLSchema(str(SCHEMAS / "submission.xsd"))


@functools.cache
def json_validator(name: str) -> jsonschema.Draft202012Validator:
    return jsonschema.Draft202012Validator(json.loads((SCHEMAS / f"{name}.schema.json").read_text(encoding="utf-8")))


@pytest.fixture(scope="module")
def xmllint() -> str:
    """The tool, or a skip that everybody sees; where KUNJING_REQUIRE_TOOLS is set, its absence is a failure."""
    found = shutil.which("xmllint")
    if found is None:
        if os.environ.get("KUNJING_REQUIRE_TOOLS"):
            pytest.fail("xmllint is required and absent")
        pytest.skip("xmllint is absent (Debian: libxml2-utils)")
    return found


def by_xmllint(tool: str, *paths: pathlib.Path) -> dict[pathlib.Path, bool]:
    """Whether each file is valid, without network."""
    command = [tool, "--nonet", "--noout", "--schema", str(SCHEMAS / "submission.xsd"), *map(str, paths)]
    done = subprocess.run(command, capture_output=True, text=True, encoding="utf-8", errors="replace")
    lines = re.finditer(r"(?m)^(.*) (validates|fails to validate)$", done.stderr)
    said = {match[1]: match[2] == "validates" for match in lines}
    return {path: said.get(str(path), False) for path in paths}


def test_the_committed_schemas_judge_without_network_and_without_each_other() -> None:
    for path in SCHEMAS.glob("*.schema.json"):
        schema = json.loads(path.read_text(encoding="utf-8"))
        jsonschema.Draft202012Validator.check_schema(schema)
        references = re.findall(r'"\$ref": ?"([^"]*)"', path.read_text(encoding="utf-8"))
        assert all(reference.startswith("#/") for reference in references), path


def test_what_we_accept_all_referees_accept(tmp_path: pathlib.Path, xmllint: str) -> None:
    records = made.submission(50)
    made.cases(records)[0]["child"]["left_behind_since"] = {"unknown": "refused"}
    made.sealed(records)
    path = tmp_path / "a.xml"
    path.write_bytes(made.written(records, "xml"))
    assert ours(path.read_bytes()) == set()
    assert by_xmllint(xmllint, path) == {path: True}
    streamed = subprocess.run(
        [xmllint, "--nonet", "--stream", "--noout", "--schema", str(SCHEMAS / "submission.xsd"), str(path)],
        capture_output=True,
    )
    assert streamed.returncode == 0, streamed.stderr
    assert xsd().is_valid(str(path))
    document = json.loads(made.written(records, "json"))
    assert json_validator("submission").is_valid(document)
    for kind, data in records:
        assert json_validator(kind).is_valid(data)


# --- mutations -------------------------------------------------------------------------------------------------------

VALUES = (
    "", " ", "x", "7", "2017-02-30", "2016-02-29", "2017-1-1", "2017-01-01Z", "1.005", "1e3", "-1", "00", "true", "1",
    "True", "甲", "甲" * 60, "甲" * 600, "411303", "未知", " 2017-01-01", "a\tb", "\u200b", "\ue000", "２０１７",
)  # fmt: skip


def small(seed: int) -> dict[str, Any]:
    """A case file with a few of everything."""
    case = copy.deepcopy(made.cases(made.submission(12))[seed % 12])
    for name, value in case.items():
        if isinstance(value, list):
            case[name] = value[:2]
    return case


def mutated_xml(seed: int) -> bytes:
    """A case file changed in one to three places, as XML."""
    import io

    rng = random.Random(seed)
    stream = io.BytesIO()
    write_single(stream, "case_file", small(seed))
    root = etree.fromstring(stream.getvalue(), etree.XMLParser(remove_blank_text=True))
    for _ in range(rng.randint(1, 3)):
        every = [element for element in root.iter() if element is not root]
        element = rng.choice(every)
        parent = element.getparent()
        way = rng.randrange(7)
        if way == 0:
            parent.remove(element)
        elif way == 1:
            parent.append(copy.deepcopy(element))
        elif way == 2:
            element.tag = (
                f"{{{etree.QName(element).namespace}}}{rng.choice(['Sex', 'Benefit', 'Nonsense', 'StartDate'])}"
            )
        elif way == 3:
            parent.insert(0, element)
        elif way == 4:
            element.set(rng.choice(["unknown", "id", "{http://www.w3.org/2001/XMLSchema-instance}nil"]), "true")
        elif len(element) == 0:
            element.text = rng.choice(VALUES)
        else:
            element.text = rng.choice(["x", "\n"])
    raw: bytes = etree.tostring(root, encoding="UTF-8", xml_declaration=True)
    return raw


def mutate_json(tree: Any, rng: random.Random) -> None:
    """Change one place of a tree."""
    while True:
        steps = list(tree) if isinstance(tree, dict) else list(range(len(tree)))
        step = rng.choice(steps)
        if isinstance(tree[step], (dict, list)) and tree[step] and rng.random() < 0.7:
            tree = tree[step]
            continue
        way = rng.randrange(6)
        if way == 0 and isinstance(tree, dict):
            del tree[step]
        elif way == 1 and isinstance(tree, dict):
            tree[rng.choice(["nonsense", "sex", "benefit", "start_date"])] = tree.pop(step)
        elif way == 2:
            tree[step] = rng.choice(
                [None, 1, 1.5, True, [], {}, ["x"], {"unknown": "refused"}, {"unknown": "No!"}, -1, 10**9]
            )
        elif way == 3:
            tree[step] = [tree[step]]
        else:
            tree[step] = rng.choice(VALUES)
        return


def agreed(valid: bool, found: set[str]) -> bool:
    """Our verdict as XSD would put it, where the referee says ``valid``."""
    return not (found - BEYOND_XSD if valid else found)


def differing(said: Iterator[tuple[object, bool, bool]]) -> list[object]:
    """Where two verdicts differ; both verdicts have to occur."""
    rows = list(said)
    assert len({verdict for _, verdict, _ in rows}) == 2
    return [row for row in rows if row[1] != row[2]]


def test_mutated_xml_is_judged_alike(tmp_path: pathlib.Path, xmllint: str) -> None:
    paths = []
    for seed in range(300):
        path = tmp_path / f"{seed}.xml"
        path.write_bytes(mutated_xml(seed))
        paths.append(path)
    verdicts = by_xmllint(xmllint, *paths)
    found = {path: ours(path.read_bytes()) for path in paths}
    assert differing((path.name, verdicts[path], agreed(verdicts[path], found[path])) for path in paths) == []
    # the second referee is slow: every sixth
    second = {path: xsd().is_valid(str(path)) for path in paths[::6]}
    assert differing((path.name, valid, agreed(valid, found[path])) for path, valid in second.items()) == []


def test_mutated_json_is_judged_alike() -> None:
    def said() -> Iterator[tuple[object, bool, bool]]:
        for seed in range(300):
            rng = random.Random(seed)
            case = small(seed)
            for _ in range(rng.randint(1, 2)):
                mutate_json(case, rng)
            raw = json.dumps({"case_file": case}, ensure_ascii=False).encode()
            yield seed, json_validator("case_file").is_valid(case), not ours(raw)

    assert differing(said()) == []


# --- the conformance suite -------------------------------------------------------------------------------------------


def suite(suffix: str) -> list[pathlib.Path]:
    return sorted(SUITE.rglob(f"*{suffix}"))


def test_the_conformance_files_in_json_are_judged_alike() -> None:
    paths = [path for path in suite(".json") if path.name != "manifest.json"]
    assert len(paths) > 100
    for path in paths:
        raw = path.read_bytes()
        try:
            document = json.loads(raw)
        except ValueError:
            continue  # no schema sees what is no JSON
        name = "submission" if "header" in document else next(iter(document))
        data = document if name == "submission" else document[name]
        found = ours(raw)
        if found & {"KJ-SYS-005", "KJ-SYS-004", "KJ-SYS-009"}:
            continue  # repeated keys, limits and versions are no matter of a schema
        if json_validator(name).is_valid(data) is bool(found):
            pytest.fail(f"{path.name}: jsonschema disagrees, we find {sorted(found)}")


def test_the_conformance_files_in_xml_are_judged_alike(tmp_path: pathlib.Path, xmllint: str) -> None:
    paths = []
    for source in suite(".json"):
        with contextlib.suppress(UnreadableInput):  # a break of the document is no matter of a schema
            path = tmp_path / f"{source.parent.name}-{source.stem}.xml"
            convert(source, path)
            paths.append(path)
    verdicts = by_xmllint(xmllint, *paths)
    assert len(paths) > 100
    for path in paths:
        found = ours(path.read_bytes())
        assert verdicts[path] is agreed(verdicts[path], found), (path.name, found)

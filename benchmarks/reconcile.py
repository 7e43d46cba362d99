"""Reconciling a register with a department's file: seconds, peak memory, precision and recall, all printed.

```
python -m benchmarks reconcile                              # 200 000 in the register, 500 000 in the file
python -m benchmarks reconcile --register 2000 --file 5000
```

Two processes, each with its own peak memory: `link` matches two tables of people; `reconcile` is the whole verb, from a
register of whole case files (JSON Lines) and a file of the police (CSV) to the counted differences.

The people are made up. Names follow the frequencies of the generator's lists, so that there are namesakes; 3 children
in 100 are twins, whose names often differ in one character. On either side each name, number and birth date is mistyped
with probability 0.03, and the number is missing with probability 0.05. Nine in ten of the register are in the file.
"""

from __future__ import annotations

import argparse
import csv
import datetime
import importlib.resources
import json
import pathlib
import random
import tempfile
import tomllib

from kunjing_exchange.generate import generate
from kunjing_exchange.identifiers import make_resident_id
from run import Run, python, table

SLIPS, MISSING, COVERED, TWINS = 0.03, 0.05, 0.9, 0.015
DIVISIONS = [f"4113{number:02d}" for number in (2, 3, 21, 22, 23, 24, 25, 26, 27, 28, 29, 30, 81)]
FIRST_BIRTH = datetime.date(1999, 10, 1).toordinal()
DAYS = 18 * 365

LINK = """
import json, sys, time
from kunjing_exchange.engine import open_engine
from kunjing_exchange.linkage import PERSON, link
folder = sys.argv[1]
with open_engine() as engine:
    connection = engine.connection
    for side in ("register", "file"):
        columns = ", ".join(f"{name} {kind}" for name, kind in PERSON.items())
        connection.execute(f"create table {side} ({columns})")
        connection.execute(f"copy {side} from '{folder}/{side}.csv' (header)")
    before = time.perf_counter()
    link(connection, "register", "file")
    told = [time.perf_counter() - before]
    # The same child has the same number in both.
    truth = "select count(*) from register join file using (record_no)"
    told.append(connection.execute(truth).fetchall()[0][0])
    for kind, name in (("basis", "link"), ("reason", "link_doubt"), ("kind", "link_proposal")):
        told.append(connection.execute(
            f"select {kind}, count(*), count(*) filter (left_no = right_no) from {name} group by all order by 1"
        ).fetchall())
print(json.dumps(told))
"""
# A process's peak counts from what its parent held: the people are made in one of their own.
MAKE = """
import pathlib, sys
sys.path.insert(0, sys.argv[1])
import reconcile
reconcile.make(pathlib.Path(sys.argv[2]), *map(int, sys.argv[3:]))
"""
RECONCILE = """
import datetime, json, sys
from kunjing_exchange.reconcile import reconcile
register, file = (f"{sys.argv[1]}/{name}" for name in ("register.jsonl", "identities.csv"))
with reconcile(register, [file], on=datetime.date(2017, 9, 30), layouts=["public_security:identity"]) as found:
    print(json.dumps(found.totals["differences"]))
"""


class People:
    """Made-up children; each has a number of its own in ``record_no``."""

    def __init__(self, seed: int) -> None:
        self.rng = random.Random(seed)
        text = importlib.resources.files("kunjing_exchange.generate").joinpath("names.toml").read_text("utf-8")
        names = tomllib.loads(text)
        self.surnames = names["surnames"].replace("\n", "")
        self.given = {"1": (names["boys"], names["second_boys"]), "2": (names["girls"], names["second_girls"])}
        self.minority = names["minority"]
        self.sequences: dict[tuple[str, int], int] = {}

    def name(self, sex: str) -> str:
        """Nine in ten of three characters, some of two, a few with the father's name after the dot."""
        rng = self.rng
        if rng.random() < 0.01:
            given = self.minority["boys" if sex == "1" else "girls"]
            return f"{rng.choice(given)}·{rng.choice(self.minority['fathers'])}"
        first, second = self.given[sex]
        return rng.choice(self.surnames) + rng.choice(first) + (rng.choice(second) if rng.random() < 0.9 else "")

    def make(self, count: int) -> list[list[str]]:
        """So many children: record_no, name, sex, birth date, division, document type, number."""
        rng = self.rng
        people: list[list[str]] = []
        twin: tuple[str, str, int, str] | None = None
        while len(people) < count:
            sex = rng.choice("12")
            name, birth, division = self.name(sex), FIRST_BIRTH + rng.randrange(DAYS), rng.choice(DIVISIONS)
            if twin is not None:
                other, sex, birth, division = twin
                name = other[:-1] + rng.choice(self.given[sex][1])
            twin = (name, sex, birth, division) if twin is None and rng.random() < TWINS and "·" not in name else None
            key = (division + sex, birth)
            number = self.sequences[key] = self.sequences.get(key, int(sex) - 2) + 2
            day = datetime.date.fromordinal(birth)
            resident = make_resident_id(division, day, number % 1000)
            people.append([str(len(people)), name, sex, day.isoformat(), division, "111", resident])
        return people

    def write(self, people: list[list[str]]) -> list[list[str]]:
        """People as an office has typed them in."""
        rng, typed = self.rng, []
        for record_no, name, sex, birth, division, kind, number in people:
            if rng.random() < SLIPS:
                name = self.slip_in_name(name, sex)
            if rng.random() < SLIPS:
                birth = self.slip_in_date(birth)
            if rng.random() < MISSING:
                kind = number = ""
            elif rng.random() < SLIPS:
                number = self.slip_in_number(number)
            typed.append([record_no, name, sex, birth, division, kind, number])
        rng.shuffle(typed)
        return typed

    def slip_in_name(self, name: str, sex: str) -> str:
        """Another character for one, mostly; or one left out."""
        at = self.rng.randrange(1, len(name))
        other = self.rng.choice(self.given[sex][at > 1]) if self.rng.random() < 0.85 else ""
        return name[:at] + other + name[at + 1 :]

    def slip_in_date(self, birth: str) -> str:
        """A wrong digit, day and month exchanged, or the year before or after."""
        rng = self.rng
        while True:
            year, month, day = birth.split("-")
            kind = rng.random()
            if kind < 0.6:
                at = rng.choice([3, 5, 6, 8, 9])
                other = birth[:at] + rng.choice("0123456789") + birth[at + 1 :]
            elif kind < 0.8:
                other = f"{year}-{day}-{month}"
            else:
                other = f"{int(year) + rng.choice((-1, 1))}-{month}-{day}"
            try:
                if other != birth:
                    return datetime.date.fromisoformat(other).isoformat()
            except ValueError:
                continue

    def slip_in_number(self, number: str) -> str:
        """A wrong digit, two exchanged, one left out."""
        rng, kind, at = self.rng, self.rng.random(), self.rng.randrange(17)
        if kind < 0.6:
            return number[:at] + rng.choice("0123456789".replace(number[at], "")) + number[at + 1 :]
        if kind < 0.8:
            return number[:at] + number[at + 1] + number[at] + number[at + 2 :]
        return number[:at] + number[at + 1 :]


def make(folder: pathlib.Path, register: int, file: int, seed: int) -> None:
    """Both sides as tables of people; as a submission of case files, and as a file of the police."""
    people = People(seed)
    covered = min(round(register * COVERED), file)
    everybody = people.make(register + file - covered)
    people.rng.shuffle(everybody)
    sides = {"register": everybody[:register], "file": everybody[register - covered : register - covered + file]}
    for side, members in sides.items():
        sides[side] = people.write(members)
        with (folder / f"{side}.csv").open("w", encoding="utf-8", newline="") as stream:
            writer = csv.writer(stream)
            writer.writerow(["record_no", "name", "sex", "birth_date", "division", "id_document_type", "id_number"])
            writer.writerows(sides[side])
    write_register(folder / "register.jsonl", sides["register"])
    write_identities(folder / "identities.csv", sides["file"])


def write_register(path: pathlib.Path, people: list[list[str]]) -> None:
    """Whole generated case files, each with another child in it."""
    models = [data for kind, data in generate(300, seed=7) if kind == "case_file"]
    with path.open("w", encoding="utf-8") as stream:
        for place, (_, name, sex, birth, division, kind, number) in enumerate(people):
            case = models[place % len(models)]
            child = {"name": name, "sex": sex, "birth_date": birth, "hukou_division": division}
            if number:
                child |= {"id_document_type": kind, "id_number": number}
            case = {**case, "case_id": f"{division}-{place:07}", "division": division, "child": child}
            stream.write(json.dumps({"case_file": case}, ensure_ascii=False, separators=(",", ":")) + "\n")


def write_identities(path: pathlib.Path, people: list[list[str]]) -> None:
    """What the police know of each, as they would send it."""
    with path.open("w", encoding="utf-8", newline="") as stream:
        writer = csv.writer(stream)
        writer.writerow(
            [
                "核验机关",
                "核验日期",
                "核验结果",
                "姓名",
                "身份证件类型",
                "身份证件号码",
                "性别",
                "出生日期",
                "户籍地行政区划",
            ]
        )
        for _, name, sex, birth, division, kind, number in people:
            writer.writerow(["某县公安局", "2017-09-20", "matched", name, kind, number, sex, birth, division])


def main() -> None:
    """Make, link and reconcile in processes of their own, print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--register", type=int, default=200_000)
    parser.add_argument("--file", type=int, default=500_000)
    parser.add_argument("--seed", type=int, default=7)
    arguments = parser.parse_args()
    with tempfile.TemporaryDirectory() as name:
        folder = pathlib.Path(name)
        Run(python(MAKE, pathlib.Path(__file__).parent, folder, *map(str, vars(arguments).values())))
        run = Run(python(LINK, folder))
        seconds, truth, by_basis, doubts, proposals = json.loads(run.said)
        linked, right = sum(row[1] for row in by_basis), sum(row[2] for row in by_basis)
        sizes = (arguments.register, arguments.file)
        quality = (truth, linked, f"{right / linked:.5f}", f"{right / truth:.5f}")
        table(
            ("register", "file", "link, s", "process, s", "peak MB", "in both", "linked", "precision", "recall"),
            [(*sizes, seconds, run.seconds, run.memory, *quality)],
        )
        for title, rows in (("linked by", by_basis), ("to be looked at", doubts), ("proposals", proposals)):
            table((title, "pairs", "of which the same child"), rows)
        run = Run(python(RECONCILE, folder))
        table(("reconcile, files to differences", "s", "peak MB"), [("", run.seconds, run.memory)])
        table(("kind", "differences"), list(json.loads(run.said).items()))

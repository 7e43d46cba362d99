"""The ten statistical tables by county, from Parquet and from JSON Lines: seconds, processor seconds, peak memory.

```
python -m benchmarks tables                                   # 1 000 000 case files in Parquet, 100 000 in JSON Lines
python -m benchmarks tables --cases 100000 --lines 20000
```

The dataset is a generated submission of 20 000 children, written by `export dataset` and then multiplied: every copy
has record numbers and case ids of its own, and the same names, dates and amounts as the others. So it packs better than
real files would; what is grouped and joined is as much.

Each row is a process of its own, start included. The same three groupings written by hand in pandas, polars and
DuckDB's SQL (categories of HN-2017-1, age bands of KJ-T1, amounts paid by kind of KJ-T2, all by county) stand beside
the three whole tables; their figures have to be the same. pandas and polars are measured where they are installed.
"""

from __future__ import annotations

import argparse
import importlib.util
import json
import pathlib
import tempfile

from run import MAKE, Run, python, table

SOURCE = 20_000
FIRST, LAST, SCHEME = "2017-07-01", "2017-09-30", "henan-2017"

EXPORT = """
import sys
from kunjing_exchange.export import export_dataset
from kunjing_exchange.generate import generate
from kunjing_exchange.wire import open_writer
lines = sys.argv[1] + ".jsonl"
with open(lines, "wb") as stream:
    writer = open_writer("jsonl", stream)
    for kind, data in generate(int(sys.argv[2]), division="410000", seed=3):
        writer.write(kind, data)
    writer.close()
export_dataset(lines, sys.argv[1], whole=True)
"""
MULTIPLY = """
import hashlib, json, pathlib, sys
import duckdb
from kunjing_exchange.tables import TABLES
source, target, copies = pathlib.Path(sys.argv[1]), pathlib.Path(sys.argv[2]), int(sys.argv[3])
package = json.loads((source / "datapackage.json").read_text("utf-8"))
resources = {one["name"]: one for one in package["resources"]}
(target / "parquet").mkdir(parents=True)
connection = duckdb.connect(config={"memory_limit": "2GB", "temp_directory": str(target / "spill")})
step = connection.execute(f"select max(record_no) + 1 from '{source}/parquet/record.parquet'").fetchone()[0]
for name, table in TABLES.items():
    file = f"parquet/{name}.parquet"
    own = "case_file" in table.tops
    changed = [f"record_no + {step} * copy as record_no"]
    if name == "case_file":
        changed.append("case_id || '-' || copy as case_id")
    connection.execute(
        f"copy (select * exclude (copy) replace ({', '.join(changed)}) from '{source}/{file}', "
        f"range({copies if own else 1}) as made(copy) order by record_no) to '{target}/{file}' (compression zstd)"
    )
    resources[name]["parquetHash"] = "sha256:" + hashlib.sha256((target / file).read_bytes()).hexdigest()
(target / "datapackage.json").write_text(json.dumps(package), "utf-8")
files = connection.execute(f"select count(*) from '{target}/parquet/case_file.parquet'").fetchone()[0]
print(json.dumps([files, sum(path.stat().st_size for path in target.glob("parquet/*")) / 1e6]))
"""
# The figures that the groupings by hand have to give too: by county, those that are not 0.
FIGURES = """
def told(report, prefix):
    return {
        f"{division}/{column}": str(figure) for division, column, figure in report.cells()
        if division != "total" and column.startswith(prefix) and figure
    }
"""
ALL = """
import sys
from kunjing_exchange.report import report
report(sys.argv[1], table="all", by="county", jobs=int(sys.argv[2]))
"""
THREE = f"""
import json, sys
from kunjing_exchange.report import report
{FIGURES}
filled = report(sys.argv[1], table=["HN-2017-1", "KJ-T1", "KJ-T2"], by="county")
print(json.dumps([
    {{cell: figure for cell, figure in told(filled["HN-2017-1"], "").items()
      if cell.partition("/")[2] in ("orphan", "destitute", "ill_or_disabled")}},
    {{cell: figure for cell, figure in told(filled["KJ-T1"], "age_").items() if cell.count("_") <= 2}},
    {{cell: figure for cell, figure in told(filled["KJ-T2"], "kind_").items() if cell.endswith("_amount")
      and not cell.endswith("unpaid_amount")}},
], sort_keys=True))
"""


BY_HAND = f"""
import datetime, json, sys
folder = sys.argv[1] + "/parquet/"
first, last = datetime.date.fromisoformat("{FIRST}"), datetime.date.fromisoformat("{LAST}")
BANDS = ((3, "0_2"), (7, "3_6"), (13, "7_12"), (16, "13_15"), (18, "16_17"), (200, "18"))
LETTERS = {{"A": "orphan", "B": "destitute", "C": "ill_or_disabled"}}
def say(categories, bands, amounts):
    print(json.dumps([
        {{f"{{division}}/{{LETTERS[letter]}}": str(count) for division, letter, count in categories}},
        {{f"{{division}}/age_{{band}}": str(count) for division, band, count in bands}},
        {{f"{{division}}/kind_{{kind.replace('-', '').lower()}}_amount": f"{{amount:.2f}}"
          for division, kind, amount in amounts if amount}},
    ], sort_keys=True))
"""
PANDAS = f"""{BY_HAND}
import pandas
def read(name, *columns, **filters):
    return pandas.read_parquet(folder + name + ".parquet", columns=list(columns), dtype_backend="pyarrow", **filters)
files = read("case_file", "record_no", "division", "opened_on", "closed_on")
open_files = files[(files.opened_on <= last) & (files.closed_on.isna() | (files.closed_on > last))]
found = read("determination", "record_no", "scheme", "category", "principal", "start_date", "end_date")
found = found[(found.scheme == "{SCHEME}") & (found.start_date <= last)
              & (found.end_date.isna() | (found.end_date >= last))]
found["principal"] = found.principal.fillna(False)
found = found.sort_values(["principal", "category"], ascending=[False, True]).drop_duplicates("record_no")
child = open_files[["record_no", "division"]].merge(found[["record_no", "category"]], on="record_no")
letters = child.assign(letter=child.category.str[:1])
letters = letters[letters.letter.isin(list(LETTERS))].groupby(["division", "letter"]).size().reset_index()
born = child.merge(read("child", "record_no", "birth_date"), on="record_no")
date = pandas.to_datetime(born.birth_date)
age = last.year - date.dt.year - (date.dt.month * 100 + date.dt.day > last.month * 100 + last.day)
born["band"] = pandas.cut(age, [-1, *(limit - 1 for limit, _ in BANDS)], labels=[name for _, name in BANDS])
bands = born.groupby(["division", "band"], observed=True).size().reset_index()
paid = read("payment", "record_no", "benefit_item_no", "period", "paid_on", "amount", "kind", "status")
within = paid.paid_on.notna() & (paid.paid_on >= first) & (paid.paid_on <= last)
within |= paid.paid_on.isna() & (paid.period >= str(first)[:7]) & (paid.period <= str(last)[:7])
paid = paid[(paid.status == "made") & (paid.kind.fillna("regular") == "regular") & within]
paid = paid.merge(read("benefit", "record_no", "item_no", "kind").rename(columns={{"kind": "benefit_kind"}}),
    left_on=["record_no", "benefit_item_no"], right_on=["record_no", "item_no"])
paid = paid.merge(files[["record_no", "division"]], on="record_no")
amounts = paid.groupby(["division", "benefit_kind"]).amount.sum().reset_index()
say(*(one.itertuples(index=False, name=None) for one in (letters, bands, amounts)))
"""
POLARS = f"""{BY_HAND}
import polars
from polars import col
def read(name):
    return polars.scan_parquet(folder + name + ".parquet")
files = read("case_file").select("record_no", "division", "opened_on", "closed_on")
open_files = files.filter(col.opened_on <= last, col.closed_on.is_null() | (col.closed_on > last))
found = read("determination").filter(
    col.scheme == "{SCHEME}", col.start_date <= last, col.end_date.is_null() | (col.end_date >= last)
).group_by("record_no").agg(
    category=col.category.sort_by(col.principal.fill_null(False).not_(), col.category).first()
)
child = open_files.join(found, on="record_no")
letters = child.group_by("division", letter=col.category.str.slice(0, 1)).len().filter(col.letter.is_in(list(LETTERS)))
born = child.join(read("child").select("record_no", "birth_date"), on="record_no")
age = last.year - col.birth_date.dt.year() - (
    col.birth_date.dt.month().cast(polars.Int32) * 100 + col.birth_date.dt.day() > last.month * 100 + last.day
).cast(polars.Int32)
bands = born.group_by("division", band=age.cut(
    [limit - 1 for limit, _ in BANDS[:-1]], labels=[name for _, name in BANDS]
).cast(polars.String)).len()
within = polars.when(col.paid_on.is_null()).then(
    col.period.is_between(polars.lit(str(first)[:7]), polars.lit(str(last)[:7]))
).otherwise(col.paid_on.is_between(first, last))
paid = read("payment").filter(col.status == "made", col.kind.fill_null("regular") == "regular", within).join(
    read("benefit").select("record_no", "item_no", benefit_kind="kind"),
    left_on=["record_no", "benefit_item_no"], right_on=["record_no", "item_no"]
).join(files, on="record_no")
amounts = paid.group_by("division", "benefit_kind").agg(col.amount.sum())
say(*(one.rows() for one in polars.collect_all([letters, bands, amounts])))
"""
DUCKDB = f"""{BY_HAND}
import duckdb
connection = duckdb.connect(config={{"memory_limit": "512MB", "preserve_insertion_order": False}})
def run(sql):
    return connection.execute(sql).fetchall()
run(f'''create temp table child_now as select record_no, division, category, birth_date
from '{{folder}}case_file.parquet' join (
    select record_no, arg_min(category, (not coalesce(principal, false), category)) as category
    from '{{folder}}determination.parquet'
    where scheme = '{SCHEME}' and start_date <= '{{last}}' and (end_date is null or end_date >= '{{last}}')
    group by record_no
) using (record_no) join '{{folder}}child.parquet' using (record_no)
where opened_on <= '{{last}}' and (closed_on is null or closed_on > '{{last}}')''')
age = f"date_diff('year', birth_date, date '{{last}}') - (strftime(birth_date, '%m-%d') > '{{last:%m-%d}}')::int"
band = "case " + " ".join(f"when age < {{limit}} then '{{name}}'" for limit, name in BANDS) + " end"
say(
    run("select division, category[1] as letter, count(*) from child_now where letter in ('A', 'B', 'C') group by all"),
    run(f"select division, {{band}}, count(*) from (select division, {{age}} as age from child_now) group by all"),
    run(f'''select division, benefit.kind, sum(payment.amount)
    from '{{folder}}payment.parquet' as payment join '{{folder}}benefit.parquet' as benefit
      on benefit.record_no = payment.record_no and benefit.item_no = payment.benefit_item_no
    join '{{folder}}case_file.parquet' as case_file on case_file.record_no = payment.record_no
    where payment.status = 'made' and coalesce(payment.kind, 'regular') = 'regular'
      and case when paid_on is null then payment.period between '{{first:%Y-%m}}' and '{{last:%Y-%m}}'
        else paid_on between '{{first}}' and '{{last}}' end
    group by all'''),
)
"""
# What DuckDB alone needs for the file: every field read into one table, with types it finds, or that it is told.
READ = """
import sys
import duckdb
connection = duckdb.connect(sys.argv[2] + "/read.duckdb", config={"memory_limit": "512MB"})
connection.execute(f"create table file as select * from read_json_auto('{sys.argv[1]}', maximum_object_size=4000000)")
"""
READ_TOLD = """
import sys
import duckdb
from kunjing_exchange.model import TOP_RECORDS, Header, elements
def struct(record):
    return "STRUCT(" + ", ".join(
        f"{one.name} " + (struct(one.record) + "[]" * one.repeated if one.record else "VARCHAR")
        for one in elements(record)
    ) + ")"
columns = {name: struct(record) for name, record in {"header": Header, **TOP_RECORDS}.items()}
connection = duckdb.connect(sys.argv[2] + "/told.duckdb", config={"memory_limit": "512MB"})
connection.execute(
    f"create table file as select * from read_json('{sys.argv[1]}', columns={columns}, maximum_object_size=4000000)"
)
"""
# The way of a validation without its judgement: no schema, no rules. For measuring only; the library has no such way.
LOAD = """
import sys
from kunjing_exchange import policy
from kunjing_exchange.engine import open_engine
from kunjing_exchange.report import count_tables
from kunjing_exchange.tables import TABLES, Loader
from pydantic_core import from_json
with open_engine() as engine:
    loader = Loader(engine.connection, TABLES, engine.folder)
    with open(sys.argv[1], "rb") as lines:
        for number, line in enumerate(lines):
            ((kind, data),) = from_json(line).items()
            loader.add(number, kind, data)
    loader.close()
    if sys.argv[2] == "count":
        count_tables(engine.connection, edition=policy.edition(), period="2017Q3", by="county")
"""


def measured(name: str, run: Run, *more: object) -> tuple[object, ...]:
    """A row of a table."""
    return name, run.seconds, run.processor, f"{run.memory:,.0f}", *more


HEADINGS = ("what", "s", "processor s", "peak MB")


def from_parquet(folder: pathlib.Path) -> None:
    """All tables; three tables beside the same groupings by hand."""
    table(HEADINGS, [measured("ten tables by county", Run([*python(ALL, folder), "1"]))])
    ours = Run(python(THREE, folder))
    rows = [measured("HN-2017-1, KJ-T1 and KJ-T2, all their figures", ours, "")]
    for name, code in (("duckdb", DUCKDB), ("pandas", PANDAS), ("polars", POLARS)):
        if importlib.util.find_spec(name):
            run = Run(python(code, folder))
            same = json.loads(run.said) == json.loads(ours.said)
            rows.append(measured(f"three groupings of them by hand, {name}", run, "yes" if same else "NO"))
    table((*HEADINGS, "same figures"), rows)


def from_lines(folder: pathlib.Path, lines: int) -> None:
    """The whole verb from JSON Lines beside what DuckDB needs to read the file."""
    path = folder / "lines.jsonl"
    Run([*python(MAKE, path), str(lines)])
    told = Run(python(READ_TOLD, path, folder))
    runs = [
        ("DuckDB alone reads the file, types found", Run(python(READ, path, folder))),
        ("DuckDB alone reads the file, fields told", told),
        ("our load into tables, nothing judged", Run([*python(LOAD, path), "load"])),
        ("the same, and ten tables by county", Run([*python(LOAD, path), "count"])),
        ("report: validated, and ten tables by county, 1 process", Run([*python(ALL, path), "1"])),
        ("report: validated, and ten tables by county, 2 processes", Run([*python(ALL, path), "2"])),
    ]
    print(f"{lines:,} children in JSON Lines, {path.stat().st_size / 1e6:,.0f} MB")
    print()
    table(
        (*HEADINGS, "of DuckDB's s, fields told", "of its processor s"),
        [measured(name, run, run.seconds / told.seconds, run.processor / told.processor) for name, run in runs],
    )


def main() -> None:
    """Make, count, print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--cases", type=int, default=1_000_000)
    parser.add_argument("--lines", type=int, default=100_000)
    arguments = parser.parse_args()
    with tempfile.TemporaryDirectory() as name:
        folder = pathlib.Path(name)
        source, dataset = folder / "source", folder / "dataset"
        children = min(SOURCE, arguments.cases)
        Run([*python(EXPORT, source), str(children)])
        made = Run([*python(MULTIPLY, source, dataset), str(arguments.cases // children)])
        files, size = json.loads(made.said)
        print(f"{files:,} case files in Parquet, {size:,.0f} MB")
        print()
        from_parquet(dataset)
        from_lines(folder, arguments.lines)

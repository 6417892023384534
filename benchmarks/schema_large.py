"""How the cost of a schema grows: derived, reviewed and written as SQL, beside two other compilers.

    python -m benchmarks.schema_large [TABLES ...]

Tables have 15 columns each; every size and every tool runs in a process of its own.  Seconds are
of the processor: of Schemawalk the best of three runs for 1,000 tables, of one run for more; of the
others one run, as a command line has it.  Memory is the peak of the process.  Prisma's and DBML's
own compilers read the same schema: they parse, check and print what somebody wrote, which is less
than deriving and reviewing it, and print one SQL (DBML) or none (Prisma), and not three.
"""

from __future__ import annotations

import json
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

from benchmarks.write_large import COLUMNS, large
from schemawalk.delivery import DEFAULT_DATABASE, no_collection
from schemawalk.design.model import Design
from schemawalk.schema.capability.fit import fit
from schemawalk.schema.derive import derive
from schemawalk.schema.dialects.registry import DIALECTS, POSTGRESQL
from schemawalk.schema.model import Column, Table
from schemawalk.schema.review import Review, review
from schemawalk.writers.sql import up

SIZES = (1_000, 3_000, 10_000)
DATABASES = ("postgresql", "sqlite", "mariadb")
RUNS = 3
JUDGE = Path(__file__).with_suffix(".mjs")
TOOLS = {"prisma": "Prisma", "dbml": "DBML"}


def main(sizes: tuple[int, ...]) -> None:
    """Print the table, size after size."""
    print(f"Tables of {COLUMNS} columns: processor seconds, and MB at the peak of the process.\n"
          "review: derivation included; database: its capability pass and its SQL;\n"
          "together: review and the three databases\n")  # fmt: skip
    for tables in sizes:
        ours = json.loads(_said(sys.executable, "-m", "benchmarks.schema_large", "--one", tables))
        _show(tables, "Schemawalk", ours["seconds"], ours["together"], ours["megabytes"])
        for tool, seconds, megabytes in _others(tables):
            total = sum(seconds.values())
            _show(tables, tool, seconds, total, megabytes, f"{total / ours['together']:.1f} times")
        print(flush=True)


def _show(
    tables: int,
    tool: str,
    seconds: dict[str, float],
    total: float,
    megabytes: float,
    beside: str = "",
) -> None:
    spans = ", ".join(f"{name} {taken:.2f}" for name, taken in seconds.items())
    cost = f"{total:6.2f} s, {1e3 * total / tables:5.2f} ms a table, {megabytes:5.0f} MB"
    print(f"{tables:>7,}  {tool:<10}  together {cost}  {beside}\n{'':19}  {spans}", flush=True)


# Schemawalk


def one(tables: int) -> dict[str, Any]:
    """What this process takes for one size; `together` is what a writing of all three costs."""
    design = large(tables)
    runs = []
    for _ in range(RUNS if tables <= SIZES[0] else 1):
        with no_collection():  # as whatever is written is
            runs.append(_run(design))
    seconds = {name: min(run[name] for run in runs) for name in runs[0]}
    together = sum(seconds.values()) - seconds["derive"]
    return {"seconds": seconds, "together": together, "megabytes": _peak()}


def _run(design: Design) -> dict[str, float]:
    seconds: dict[str, float] = {}
    seconds["derive"], _ = _timed(lambda: derive(design))
    seconds["review"], found = _timed(lambda: review(design))
    for database in DATABASES:
        seconds[database], _ = _timed(lambda: _written(found, database))  # noqa: B023
    return seconds


def _written(found: Review, database: str) -> str:
    own = database == DEFAULT_DATABASE  # fitted when it was reviewed
    fitted = found.fitted if own else fit(found.schema, database).schema
    assert fitted is not None
    return up(fitted, DIALECTS[database])


def _timed(work: Callable[[], Any]) -> tuple[float, Any]:
    before = time.process_time()
    made = work()
    return time.process_time() - before, made


def _peak() -> float:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


# The others


def _others(tables: int) -> Iterator[tuple[str, dict[str, float], float]]:
    """Each other compiler's name, its seconds by what it does, and its MB."""
    from tests.judges.node import install

    install()
    with tempfile.TemporaryDirectory() as folder:
        for tool, text in _sources(tables).items():
            file = Path(folder, f"schema.{tool}")
            file.write_text(text)
            try:
                said = json.loads(_said("node", JUDGE, tool, file))
            except subprocess.CalledProcessError as error:
                why = (error.stderr.strip().splitlines() or ["it was ended"])[-1]
                print(f"{tables:>7,}  {TOOLS[tool]:<10}  did not come to an end: {why[:60]}")
                continue
            yield TOOLS[tool], said["seconds"], said["megabytes"]


def _sources(tables: int) -> dict[str, str]:
    from schemawalk.writers.prisma import files
    from schemawalk.writers.work import Work

    schema = fit(derive(large(tables)).schema, "postgresql").schema
    prisma = files(Work(Design(), schema, "postgresql"))["prisma/schema.prisma"]
    return {"prisma": prisma, "dbml": "\n".join(map(_dbml, schema.tables))}


def _dbml(table: Table) -> str:
    """The table with its keys, CHECKs and indexes, as DBML."""
    refers = {key.columns: key for key in table.foreign_keys}
    lines = [f"  {_dbml_column(table, column)}" for column in table.columns]
    indexes = [f"    ({', '.join(part.column for part in index.parts)}) [name: '{index.name}']"
               for index in table.indexes]  # fmt: skip
    checks = [f"    `{POSTGRESQL.sql(c.expression)}` [name: '{c.name}']" for c in table.checks]
    lines += ["  indexes {", *indexes, "  }"] if indexes else []
    lines += ["  checks {", *checks, "  }"] if checks else []
    links = [
        f"Ref {key.name}: {table.name}.{columns[0]} > {key.references}.{key.referenced_columns[0]} "
        f"[delete: {key.on_delete.lower()}]"
        for columns, key in refers.items()
    ]
    return "\n".join((f"Table {table.name} {{", *lines, "}", *links))


def _dbml_column(table: Table, column: Column) -> str:
    settings = ["primary key"] if (column.name,) == table.primary_key.columns else []
    settings += [] if column.nullable else ["not null"]
    if default := POSTGRESQL.default(column):
        settings.append(f"default: `{default}`")
    if column.purpose:
        settings.append("note: '" + column.purpose.replace("'", "\\'") + "'")
    return f"{column.name} {POSTGRESQL.type(column.type)} [{', '.join(settings)}]"


def _said(*command: object) -> str:
    words = [str(word) for word in command]
    return subprocess.run(words, check=True, capture_output=True, text=True).stdout


if __name__ == "__main__":
    if sys.argv[1:2] == ["--one"]:
        print(json.dumps(one(int(sys.argv[2]))))
    else:
        main(tuple(map(int, sys.argv[1:])) or SIZES)

"""Long lines: SQL is folded where a reader would, data and remarks stay whole."""

from __future__ import annotations

import pytest

from schemawalk.writers.sql_layout import WIDTH, narrow

LONG = "a" * 60


def test_sql_goes_on_below() -> None:
    line = f"  SELECT {LONG}, {LONG} FROM {LONG} WHERE {LONG} = 1 AND {LONG} = 2;"
    made = narrow(line)
    assert max(map(len, made.split("\n"))) <= WIDTH
    assert all(each.startswith("  ") for each in made.split("\n"))
    assert " ".join(made.split()) == " ".join(line.split())


@pytest.mark.parametrize(
    "text",
    [
        f"SELECT '{LONG}, {LONG}';",
        f"-- it's {LONG}, {LONG}, {LONG}",
        f"SELECT 'one\n{LONG}, {LONG}, {LONG}\nthree';",
        "SELECT 1, 2;\n",
    ],
)
def test_data_and_remarks_stay_as_they_are(text: str) -> None:
    assert narrow(text) == text

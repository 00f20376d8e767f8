"""Cells cleaned many at once are those cleaned one by one."""

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from core.spreadsheets import SheetRow
from roster.annex import cells
from roster.annex.columns import COLUMNS, SERIAL
from roster.annex.rows import ROWS_AT_ONCE, Layout, RawRow, columns_of, in_lots, texts_at

LETTERS = st.text(alphabet="测一二 \u3000\t\n\u200b·*\uff21é𣸣𠮷0a9", max_size=6)
CELL = st.one_of(LETTERS, LETTERS, LETTERS, st.integers(), st.floats(allow_nan=False), st.booleans(), st.dates())
FIELDS = [column.field for column in COLUMNS]


def with_texts(rows):
    """Every row and its texts, made lot by lot."""
    for some in in_lots(rows):
        found = columns_of(some)
        yield from ((raw, texts_at(place, raw, found)) for place, raw in enumerate(some))


@given(st.lists(CELL, max_size=8))
@example(["e", "\u0301"])  # put together they would be one letter
@example(["a ", " b"])  # and here two blanks
@example([])
def test_a_column(values):
    for clean in (cells.raw_text, cells.line, cells.name):
        assert list(cells.column(clean, values)) == [clean(value) for value in values]


@given(
    st.lists(st.lists(CELL, min_size=4, max_size=12), max_size=6),
    st.permutations(range(10)),
    st.integers(min_value=2, max_value=10),
    st.booleans(),
)
def test_rows(table, order, width, is_joined):
    matched = {FIELDS[field]: [place] for place, field in enumerate(order[:width])}
    if is_joined:
        matched["phone"] = [0, 1]
    layout = Layout.of(matched)
    rows = [RawRow(SheetRow(number, values), layout) for number, values in enumerate(table, start=1)]

    found = list(with_texts(rows))

    assert [(raw, sorted(texts.items())) for raw, texts in found] == [
        (raw, sorted(raw.texts().items())) for raw in rows
    ]
    assert all(SERIAL not in texts for _, texts in found)


@pytest.mark.parametrize("typed", [{}, {"name": "改过"}])
def test_a_formula_or_a_mend_among_many(typed):
    layout = Layout.of({"name": [0], "note": [1]})
    rows = [RawRow(SheetRow(number, [f"测{number}", " 备  注 "]), layout) for number in range(ROWS_AT_ONCE + 3)]
    rows[2] = RawRow(SheetRow(2, ["甲", "=A1"], frozenset({1})), layout, frozenset({"note"}), typed)

    found = [texts for _, texts in with_texts(iter(rows))]

    assert found == [raw.texts() for raw in rows]
    assert (found[1]["note"], found[2]["note"], found[2]["name"]) == ("备 注", "", typed.get("name", "甲"))

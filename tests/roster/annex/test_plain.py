"""Rows read together, because there is nothing to say about them, are those read one by one."""

from datetime import date
from unittest import mock

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from core.spreadsheets import SheetRow
from roster.annex import checking
from roster.annex.columns import COLUMNS
from roster.annex.mending import NOTHING_MENDED, Settlement, mends
from roster.annex.plain import plain_people
from roster.annex.reading import AnnexFile, AnnexSheet
from roster.annex.rows import Layout, RawRow, columns_of
from roster.towns import Gazetteer
from tests.roster.workbooks import id_number, person, unhurried, wide

TODAY = date(2023, 3, 30)
TOWNS = Gazetteer({"445381102": "太平镇", "445381100": "罗镜镇"}, {"445381102201": "石牌村民委员会"})
TITLES = [column.title for column in COLUMNS]
LAYOUT = Layout.of({column.field: [place] for place, column in enumerate(COLUMNS)})
GOOD = id_number("19850302", 101)
NOBODY: dict[str, object] = {}
# Cells, most of which need a closer look, each in a way of its own.
CELLS = {
    "姓名": ("", "测" * 61, "买买提·艾山", " 测 一 ", "测*", "*测一", "测2", "𣸣𠮷", 7),
    "出生年月": ("", "1985年3月", "1985.3", "1985-03", 1985.03, "1985.03\u200b", date(1985, 3, 2), "1999.09"),
    "性别": ("", "男性", "不详", " 男 ", "女"),
    "身份证号码": (
        "", GOOD, wide(GOOD), GOOD[:-1], GOOD.lower(), float(GOOD[:17]), f"\u200b{GOOD}",
        f"{GOOD[:6]}********{GOOD[-4:]}", GOOD[:-1] + ("0" if GOOD[-1] != "0" else "1"),
    ),
    "联系电话": (
        "", "13800000001/0766-3812345", "1380000", "13800000001（短号 66123）", 13800000001, "138****0001",
        "0766-3812345",
    ),
    "所在单位及职务": ("", "罗镜镇司法所 所长", "太平镇 某某", "罗定市人民法院 法官", "石牌村村民委员会 副主任"),
    "备注": ("负责太平镇、罗镜镇", "【岗位：网格员】", "兼任；【岗位：待定】", "【注意】", "*"),
    "户籍地址": ("广东省" + wide("**"), "同右", "同乐村"),
    "通讯地址": (" 两  格 ", "同左", "同上", "和平村"),
}  # fmt: skip
RIGHT = {"身份证号码": GOOD, "性别": "男", "出生年月": "1985.03"}
CHANGED = [{title: value} for title, values in CELLS.items() for value in values]
CHANGES = st.sampled_from([{}, RIGHT, RIGHT | {"备注": "【岗位：网格员】"}, *CHANGED])


def rows_of(changes) -> list[RawRow]:
    people = [person(number) | changed for number, changed in enumerate(changes, start=1)]
    return [
        RawRow(SheetRow(number, [one[title] for title in TITLES]), LAYOUT) for number, one in enumerate(people, start=4)
    ]


def checked(rows, *, town=None, sheet="太平镇", mended=NOTHING_MENDED, headings=NOBODY):
    """What is found out about these rows, issues with it."""
    found = AnnexSheet(sheet, 3, frozenset(LAYOUT.places), "", "", rows, [], headings)
    frame = checking.Frame(TOWNS, TODAY, town, mended)
    return checking.check_file(AnnexFile([found], []), frame)


def one_by_one(rows, **options):
    """The same with no row taken for a plain one."""
    with mock.patch.object(checking, "plain_people", lambda rows, *_: [None] * len(rows)):
        return checked(rows, **options)


@unhurried
@given(
    st.lists(CHANGES, max_size=6),
    st.sampled_from([{}, {"sheet": "Sheet1"}, {"town": "445381100"}, {"sheet": "全市", "headings": {5: "二、罗镜镇"}}]),
)
@example([{}, {"姓名": ""}], {"sheet": "Sheet1", "headings": {4: "罗镜镇"}})
def test_together_or_one_by_one(changes, options):
    rows = rows_of(changes)
    assert checked(rows, **options) == one_by_one(rows, **options)


@given(st.sampled_from(["mended", "settled", "left out"]), st.integers(min_value=4, max_value=6))
def test_what_a_person_decided_is_not_passed_over(kind, number):
    decided = {
        "mended": mends({("太平镇", number, "name"): "改过的名字"}, {}, ()),
        "settled": mends({}, {("太平镇", number): Settlement("liaison_officer", "", ("445381100",))}, ()),
        "left out": mends({}, {}, [("太平镇", number)]),
    }[kind]
    rows = rows_of([{}, {}, {}])

    found = checked(rows, mended=decided)

    assert found == one_by_one(rows, mended=decided)
    assert found != checked(rows)


def test_which_rows_are_plain():
    plain = rows_of([{}, {}, {"出生年月": "1973-04"}])
    rows = plain + rows_of([{"备注": "【岗位：网格员】"}, {"姓名": ""}, {"联系电话": ""}])
    columns = columns_of(rows)
    assert columns
    found = plain_people(rows, columns, TODAY)
    assert [facts.name if facts else None for facts in found] == ["测一", "测二", "测三", None, None, None]


@pytest.mark.parametrize("missing", ["born", "sex", "phone", "note"])
def test_a_column_that_is_not_there(missing):
    there = [column.field for column in COLUMNS if column.field != missing]
    layout = Layout.of({name: [place] for place, name in enumerate(there)})
    titles = [column.title for column in COLUMNS if column.field != missing]
    rows = [RawRow(SheetRow(4, [person(1)[title] for title in titles]), layout)]
    assert checked(rows) == one_by_one(rows)


def test_a_list_said_to_be_another_towns_is_told_once_a_row():
    _, (row,) = checked(rows_of([{}]), town="445381100")
    assert [issue.code.value for issue in row.issues] == ["town_differs"]

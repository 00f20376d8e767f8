"""The same messy list in every format an office saves: made here, written by xlwt, and saved again by LibreOffice."""

import io
from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest
import xlwt
from openpyxl import Workbook

from tests.conftest import FENJIE, TAIPING
from tests.office import need_office, saved_as
from tests.roster.annex.test_checking import said
from tests.roster.workbooks import HEADER, id_number, person, saved, wide

LUOJING = "445381100"
PEOPLE: list[dict[str, Any]] = [
    person(1, 身份证号码=id_number("19850302", 101), 出生年月=datetime.fromisoformat("1985-03-02"), 姓名="测 一"),
    person(2, 出生年月=26374, 身份证号码=wide(person(2)["身份证号码"]), 所在单位及职务="太平镇综治中心 主任"),
    person(3, 出生年月=1971.1, 身份证号码=id_number("19711011", 3), 所在单位及职务=""),
    person(4, 出生年月="一九七四年五月", 姓名="买买提•艾山", 联系电话="138 0000 0004/0766-3812345"),
    person(5, 姓名="𠮷𣸣", 出生年月="", 性别="", 联系电话=3812345),
    person(6, 身份证号码=445381197607160020, 出生年月="1976.07"),
    person(1, 姓名="测七", 身份证号码=person(1)["身份证号码"].lower(), 备注="\u3000网格员\xa0"),
]


def messy(*, merged: bool = True, sheets: int = 2) -> Workbook:
    """Title, blank rows, a hidden row, merged posts, a signature line; the second sheet is 分界镇's."""
    book = Workbook()
    book.remove(book.active)
    for name in ["太平镇", "分界镇"][:sheets]:
        page = book.create_sheet(name)
        page.append(["“法官联络点”人员名单" if sheets > 1 else "太平镇“法官联络点”人员名单"])
        page.append([])
        page.append(["序 号", "*姓名", "出生年月(如1985-03)", "性 别", "所在单位及职务", "户籍地址", "通讯地址",
                     "身份证\n号码", "联系电话（手机）", "备 注"])  # fmt: skip
        people = PEOPLE if name == "太平镇" else [person(8, 所在单位及职务="司法所 所长")]
        for one in people:
            page.append([None if one[key] == "" else one[key] for key in HEADER])
        page.append([9])
        page.append([])
        page.append(["填表人：测九", None, None, None, "审核人：测十", None, None, "联系电话：0766-3812345"])
        for row in page.iter_rows(min_row=4, min_col=8, max_col=8):
            row[0].number_format = "@" if isinstance(row[0].value, str) else "0"
        page.row_dimensions[5].hidden = True
        if merged and name == "太平镇":
            page.merge_cells("A1:J1")
            page.merge_cells("E5:E6")
    return book


def told(checked) -> list[tuple[Any, ...]]:
    """What matters of every row: who, which town and seat, and what is said."""
    return [(row.number, row.facts, row.post.role, row.post.kind, row.towns, said([row])) for row in checked[1]]


def test_the_messy_list_is_understood(check):
    issues, rows = check(saved(messy()), town=None)
    assert issues == []
    assert said(rows) == [
        (5, "姓名", "row_hidden"), (8, "出生年月", "birth_filled"),
        (8, "性别", "sex_filled"), (9, "身份证号码", "id_precision_lost"),
        (10, "联系电话", "phone_shared"),
    ]  # fmt: skip
    assert [row.facts.name for row in rows] == ["测一", "测二", "测三", "买买提·艾山", "𠮷𣸣", "测六", "测七", "测八"]
    assert [row.facts.born for row in rows] == [
        "1985-03", "1972-03", "1971-10", "1974-05", "1975-06", "1976-07", "1971-02", "1978-09",
    ]  # fmt: skip
    assert [row.facts.phone for row in rows[3:5]] == ["13800000004、0766-3812345", "3812345"]
    assert [row.facts.unit_and_duty for row in rows[1:3]] == ["太平镇综治中心 主任"] * 2
    assert [row.towns for row in rows] == [(TAIPING,)] * 7 + [(FENJIE,)]
    assert rows[6].post.kind == "grid_worker"


@pytest.fixture
def resaved(tmp_path: Path) -> Callable[[bytes, str], bytes]:
    """resaved(data, "ods") → the workbook as LibreOffice writes it."""
    need_office()

    def run(data: bytes, to: str) -> bytes:
        source = tmp_path / "in.xlsx"
        source.write_bytes(data)
        (made,) = saved_as(to, source)
        return made.read_bytes()

    return run


@pytest.mark.parametrize("to", ["xlsx", "ods", "xls"])
def test_what_libreoffice_saves_reads_the_same(check, resaved, to):
    data = saved(messy())
    assert told(check(resaved(data, to), f"a.{to}", town=None)) == told(check(data, town=None))


def test_what_libreoffice_saves_as_csv_reads_the_same(check, resaved):
    data = saved(messy(merged=False, sheets=1))
    _, expected = check(data, town=None)
    _, again = check(resaved(data, "csv"), "a.csv", town=None)
    assert [row.facts for row in again] == [row.facts for row in expected]
    # A CSV has no number cells any more: the digits that were lost show as a wrong last one.
    assert said(again) == [
        (9, column, "id_checksum" if code == "id_precision_lost" else code) if row == 9 else (row, column, code)
        for row, column, code in said(expected)
        if code != "row_hidden"  # nor rows that nobody sees
    ]
    assert again[5].issues[0].message.endswith("请把整列设为「文本」格式，再重新填。")


def old(pages: dict[str, list[list[Any]]]) -> bytes:
    """An .xls by xlwt: dates with a date format, the second and third posts merged downward."""
    book = xlwt.Workbook(encoding="utf-8")
    day = xlwt.easyxf(num_format_str="yyyy/mm")
    for name, rows in pages.items():
        page = book.add_sheet(name)
        for row, values in enumerate(rows):
            for column, value in enumerate(values):
                if (row, column) in ((4, 4), (5, 4)) and name == "太平镇":
                    continue
                page.write(row, column, value, *([day] if isinstance(value, datetime) else []))
        page.row(4).hidden = True
        if name == "太平镇":
            page.write_merge(4, 5, 4, 4, rows[4][4])
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def test_an_old_xls_reads_the_same(check):
    book = messy()
    pages = {page.title: [["" if value is None else value for value in row] for row in page.values] for page in book}
    issues, rows = check(old(pages), "a.xls", town=None)
    assert issues == []
    assert told((issues, rows)) == told(check(saved(book), town=None))


def test_an_old_xls_tells_a_formula_from_a_value(check):
    book = xlwt.Workbook(encoding="utf-8")
    page = book.add_sheet("名单")
    for column, title in enumerate(HEADER):
        page.write(0, column, title)
    for column, value in enumerate((person(1) | {"通讯地址": xlwt.Formula('F2&"1"')}).values()):
        page.write(1, column, value)
    page.write(2, 0, xlwt.Formula("A2+1"))
    out = io.BytesIO()
    book.save(out)
    issues, rows = check(out.getvalue(), "a.xls")
    assert ([row.number for row in rows], said(rows)) == ([2], [(2, "通讯地址", "formula_ignored")])
    assert (issues, rows[0].facts.contact_address) == ([], "")


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030", "utf-16"])
def test_a_csv_reads_the_same_in_every_encoding(check, encoding):
    rows = [["太平镇名单"], list(HEADER), list(person(1, 姓名="𠮷𣸣", 备注="兼太平镇、罗镜镇").values())]
    data = "\r\n".join(",".join(f'"{value}"' for value in row) for row in rows).encode(encoding)
    _, (row,) = check(data, "a.csv", town=None)
    assert (said([row]), row.facts.name, row.towns) == ([(3, "备注", "towns_not_taken")], "𠮷𣸣", (TAIPING,))

"""Workbooks in: what is read, what is refused and how it is said, formulas, merges."""

import io
import zipfile
from datetime import datetime

import pytest
from openpyxl import Workbook
from openpyxl.worksheet.formula import ArrayFormula

from core.spreadsheets import (
    Unreadable,
    read_workbook,
)
from core.spreadsheets.contents import MAX_COLUMNS, MAX_ROWS
from core.spreadsheets.guards import GuardedZip
from core.spreadsheets.scans import XlsxScan
from tests.roster.workbooks import compound, ods, part, saved, with_parts, without, xls, xls_of_excel_95, xlsx, zipped

SHEET = "xl/worksheets/sheet1.xml"
SIMPLE = [["姓名", "电话"], ["测一", "13800000001"]]


def refusal(data: bytes, name: str = "a.xlsx") -> str:
    with pytest.raises(Unreadable) as caught:
        read_workbook(data, name)
    return caught.value.message


def sheet_xml(rows: str) -> bytes:
    """A worksheet part made of raw row elements."""
    space = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
    return f'<?xml version="1.0"?><worksheet xmlns="{space}"><sheetData>{rows}</sheetData></worksheet>'.encode()


# ── reading ──────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("data", "name"),
    [
        (xlsx(SIMPLE), "a.xlsx"),
        (ods(SIMPLE), "a.ods"),
        (xls(SIMPLE), "a.xls"),
        ("姓名,电话\n测一,13800000001".encode(), "a.csv"),
    ],
    ids=["xlsx", "ods", "xls", "csv"],
)
def test_the_four_formats_give_the_same_rows(data, name):
    rows = read_workbook(data, name).sheets[0].rows
    assert [row.values for row in rows] == SIMPLE
    assert [row.number for row in rows] == [1, 2]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030", "utf-16", "utf-16-le", "utf-16-be"])
def test_csv_is_read_in_every_encoding_an_office_writes(encoding):
    text = "姓名\t备注\n𠮷一\t𣸣"
    assert [row.values for row in read_workbook(text.encode(encoding), "a.csv").sheets[0].rows] == [
        ["姓名", "备注"],
        ["𠮷一", "𣸣"],
    ]


def test_csv_keeps_a_quoted_literal_and_marks_a_formula():
    row = read_workbook(b'a,b\n"=""445381""",=1+1', "a.csv").sheets[0].rows[1]
    assert (row.values[0], row.formulas) == ("445381", frozenset({1}))


def test_a_formula_is_marked_whatever_value_is_cached():
    book = Workbook()
    book.active.append(["x", "=1+1", "=A1"])
    data = saved(book)
    cached = part(data, SHEET).replace(b"<v></v>", b"<v>2</v>").replace(b"<v />", b"<v>2</v>")
    row = read_workbook(with_parts(data, {SHEET: cached}), "a.xlsx").sheets[0].rows[0]
    assert row.formulas == {1, 2}


def test_an_array_formula_marks_every_cell_it_fills():
    book = Workbook()
    book.active["A1"] = ArrayFormula("A1:A3", "=ROW(A1:A3)")
    book.active["A2"], book.active["A3"], book.active["A4"] = 2, 3, 4
    rows = read_workbook(saved(book), "a.xlsx").sheets[0].rows
    assert [row.number for row in rows if row.formulas] == [1, 2, 3]


def test_an_ods_formula_is_marked():
    rows = read_workbook(ods(SIMPLE, formulas=[(2, 1)]), "a.ods").sheets[0].rows
    assert [row.formulas for row in rows] == [frozenset(), {0}]


def test_a_merged_cell_fills_down_in_its_first_column():
    book = Workbook()
    for row in (["a", "b"], ["", ""], ["", "c"]):
        book.active.append([value or None for value in row])
    book.active.merge_cells("A1:B2")
    rows = read_workbook(saved(book), "a.xlsx").sheets[0].rows
    assert [row.values for row in rows] == [["a", ""], ["a", ""], ["", "c"]]
    assert [row.filled_down for row in rows] == [frozenset(), {0}, frozenset()]


def test_hidden_rows_are_read_and_named_and_hidden_sheets_are_named():
    book = Workbook()
    book.active.append(["测一"])
    book.active.append(["测二"])
    book.active.row_dimensions[1].hidden = True
    hidden = book.create_sheet("去年")
    hidden.sheet_state = "hidden"
    found = read_workbook(saved(book), "a.xlsx")
    assert [row.values for row in found.sheets[0].rows] == [["测一"], ["测二"]]
    assert found.sheets[0].hidden == {1}
    assert found.hidden_sheets == ["去年"]


def test_dates_and_numbers_keep_their_kind():
    day = datetime.fromisoformat("1985-03-02")
    row = read_workbook(xlsx([[day, 1985.1, 7]]), "a.xlsx").sheets[0].rows[0]
    assert row.values == [day.date(), 1985.1, 7.0]


# ── refusing ─────────────────────────────────────────────────────────────────


def test_a_truncated_file_is_refused():
    assert refusal(xlsx(SIMPLE)[:-200]) == "文件损坏或没有传完整，打不开。"


def test_an_empty_file_is_refused():
    assert refusal(b"  ") == "文件是空的。"


def test_a_web_page_named_xls_is_refused():
    page = b"\xef\xbb\xbf<html><body><table><tr><td>1</td></tr></table></body></html>"
    assert refusal(page, "a.xls") == "这是网页，不是表格（有的系统导出的 .xls 其实是网页）。"


@pytest.mark.parametrize("page", [936, 1200, 1252])
def test_a_workbook_of_excel_95_is_refused_before_its_text_becomes_unreadable(page):
    assert (
        refusal(xls_of_excel_95(SIMPLE, page=page), "a.xls") == "这是 Excel 5.0/95 格式的旧表格，里面的中文读不出来。"
    )


def test_a_picture_is_refused():
    assert refusal(b"\x89PNG\r\n\x1a\n" + bytes(99), "a.png") == "这是图片，不是表格。"


def test_a_word_document_is_refused():
    data = zipped({"[Content_Types].xml": "<Types/>", "word/document.xml": "<a/>"})
    assert refusal(data, "a.docx") == "这是 Word 文档，不是表格。只收 .xlsx、.xls、.ods、.csv。"


def test_a_password_protected_workbook_is_refused():
    assert refusal(compound({"EncryptedPackage": b"x"})) == "文件有密码，打不开。"


def test_an_encrypted_ods_is_refused():
    data = with_parts(ods(SIMPLE), {"META-INF/manifest.xml": b"<manifest:encryption-data/>"})
    assert refusal(data, "a.ods") == "文件有密码，打不开。"


def test_macros_are_refused_under_any_name():
    data = with_parts(xlsx(SIMPLE), {"xl/vbaProject.bin": b"x"})
    assert refusal(data, "a.xlsm") == "文件里有宏，不能上传。"
    assert refusal(data) == "文件里有宏，不能上传。"


def test_a_macro_content_type_is_refused_without_any_macro():
    data = xlsx(SIMPLE)
    types = part(data, "[Content_Types].xml").replace(
        b"application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml",
        b"application/vnd.ms-excel.sheet.macroEnabled.main+xml",
    )
    assert refusal(with_parts(data, {"[Content_Types].xml": types})) == "这是带宏的表格（.xlsm），不能上传。"


def test_links_to_other_files_are_refused():
    data = with_parts(xlsx(SIMPLE), {"xl/externalLinks/externalLink1.xml": b"<externalLink/>"})
    assert refusal(data) == "表里引用了别的文件，没有读取。"


def test_xml_entities_are_refused():
    bomb = b'<?xml version="1.0"?><!DOCTYPE a [<!ENTITY b "c">]><worksheet>&b;</worksheet>'
    assert refusal(with_parts(xlsx(SIMPLE), {SHEET: bomb})) == "文件里夹带了不该有的内容（XML 实体），没有读取。"


def test_the_name_must_fit_what_the_file_is():
    assert refusal(xlsx(SIMPLE), "a.xls") == "文件名以「.xls」结尾，内容却是 .xlsx 表格。"


def test_a_zip_bomb_is_refused_by_its_ratio():
    data = with_parts(xlsx(SIMPLE), {"xl/media/image1.png": bytes(30 * 1024 * 1024)})
    assert refusal(data) == "文件解开后太大，读不了。"


def test_too_many_parts_are_refused():
    data = with_parts(xlsx(SIMPLE), {f"xl/media/{number}.png": b"" for number in range(1000)})
    assert refusal(data) == "文件解开后太大，读不了。"


def test_the_same_part_twice_is_refused():
    out = io.BytesIO(xlsx(SIMPLE))
    with zipfile.ZipFile(out, "a") as archive, pytest.warns(UserWarning, match="Duplicate name"):
        archive.writestr(SHEET, b"<worksheet/>")
    assert refusal(out.getvalue()) == "文件损坏或没有传完整，打不开。"


def test_values_beyond_the_last_row_are_refused_at_once():
    rows = f'<row r="{MAX_ROWS + 1}"><c r="A{MAX_ROWS + 1}"><v>1</v></c></row>'
    assert refusal(with_parts(xlsx(SIMPLE), {SHEET: sheet_xml(rows)})) == "表格超过 60,000 行，读不了。"


def test_the_last_allowed_row_is_read():
    rows = f'<row r="{MAX_ROWS}"><c r="A{MAX_ROWS}"><v>1</v></c></row>'
    found = read_workbook(with_parts(xlsx(SIMPLE), {SHEET: sheet_xml(rows)}), "a.xlsx")
    assert found.sheets[0].rows[-1].number == MAX_ROWS


def test_values_beyond_the_last_column_are_refused():
    rows = '<row r="1"><c r="XFD1"><v>1</v></c></row>'
    assert refusal(with_parts(xlsx(SIMPLE), {SHEET: sheet_xml(rows)})) == f"表格超过 {MAX_COLUMNS} 列，读不了。"


def test_empty_formatted_cells_far_out_do_no_harm():
    rows = '<row r="1"><c r="A1"><v>1</v></c><c r="XFD1" s="1"/></row><row r="1048576" ht="20"/>'
    found = read_workbook(with_parts(xlsx(SIMPLE), {SHEET: sheet_xml(rows)}), "a.xlsx")
    assert [row.values for row in found.sheets[0].rows] == [[1.0]]


def test_an_ods_that_repeats_a_value_over_the_whole_sheet_is_refused():
    repeated = '<table:table-row table:number-rows-repeated="1000000"><table:table-cell office:value-type="string"'
    content = part(ods(SIMPLE), "content.xml").replace(
        b"<table:table-row><table:table-cell office:value-type", repeated.encode() + b" office:value-type", 1
    )
    content = content.replace(b'office:value-type="string" office:value-type', b"office:value-type")
    assert refusal(with_parts(ods(SIMPLE), {"content.xml": content}), "a.ods") == "表格超过 60,000 行，读不了。"


def test_a_sheet_wide_and_long_at_once_is_refused():
    rows = '<row r="1"><c r="IV1"><v>1</v></c></row><row r="20000"><c r="A20000"><v>1</v></c></row>'
    assert refusal(with_parts(xlsx(SIMPLE), {SHEET: sheet_xml(rows)})) == "表格太大，读不了。"


def test_a_file_too_large_to_look_at_is_refused():
    assert refusal(b"PK" + bytes(20 * 1024 * 1024)) == "文件超过 20 MB，没有读取。"


def test_parts_that_unzip_to_too_much_together_are_refused(monkeypatch):
    monkeypatch.setattr("core.spreadsheets.guards.MAX_UNZIPPED_BYTES", 2000)
    assert refusal(xlsx(SIMPLE)) == "文件解开后太大，读不了。"


def test_an_encrypted_zip_entry_is_refused():
    data = bytearray(xlsx(SIMPLE))
    place = data.rindex(b"PK\x01\x02")
    data[place + 8] |= 1
    assert refusal(bytes(data)) == "文件有密码，打不开。"


@pytest.mark.parametrize(
    "changes",
    [
        {SHEET: b"<worksheet><f></worksheet>"},
        {SHEET: sheet_xml('<row><c r="1A"><v>1</v></c></row>')},
        {"xl/_rels/workbook.xml.rels": b'<Relationships><Relationship Id="rId1" Target="x.xml"/></Relationships>'},
    ],
    ids=["broken xml", "impossible cell name", "sheet that is not there"],
)
def test_a_damaged_workbook_is_refused(changes):
    assert refusal(with_parts(xlsx(SIMPLE), changes)) == "文件损坏或没有传完整，打不开。"


@pytest.mark.parametrize(
    ("gone", "name"),
    [("[Content_Types].xml", "a.xlsx"), ("xl/_rels/workbook.xml.rels", "a.xlsx"), ("content.xml", "a.ods")],
)
def test_a_workbook_without_a_needed_part_is_refused(gone, name):
    assert refusal(without(ods(SIMPLE) if name == "a.ods" else xlsx(SIMPLE), gone), name) == (
        "文件损坏或没有传完整，打不开。"
    )


def test_formulas_are_seen_in_cells_without_a_place_and_in_another_encoding():
    rows = "<row><c><v>1</v></c><c><f>1+1</f><v>2</v></c></row>"
    plain = sheet_xml(rows)
    utf16 = plain.decode().replace('<?xml version="1.0"?>', '<?xml version="1.0" encoding="UTF-16"?>').encode("utf-16")
    prefixed = (
        plain.replace(b"<", b"<x:").replace(b"<x:/", b"</x:").replace(b"<x:?", b"<?").replace(b"xmlns=", b"xmlns:x=")
    )
    found = [_formulas(with_parts(xlsx(SIMPLE), {SHEET: part})) for part in (plain, utf16, prefixed)]
    assert found == [{1}] * 3


def _formulas(data: bytes) -> set[int]:
    """The formula columns our own scan finds in row 1, whatever the parser of values makes of the part."""
    scan = XlsxScan()
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        GuardedZip(archive).scan(SHEET, scan)
    return {column for row, column in scan.facts.formulas if row == 1}


def test_merged_cells_of_an_ods_fill_down():
    content = part(ods([["a"], [""], ["b"]]), "content.xml").replace(
        b"<table:table-cell office", b'<table:table-cell table:number-rows-spanned="2" office', 1
    )
    rows = read_workbook(with_parts(ods(SIMPLE), {"content.xml": content}), "a.ods").sheets[0].rows
    assert [row.at(0) for row in rows] == ["a", "a", "b"]


def test_a_merge_of_empty_cells_fills_nothing():
    book = Workbook()
    book.active["C1"] = "x"
    book.active.merge_cells("A1:A3")
    book.active.merge_cells("B5:B9")
    assert [row.values for row in read_workbook(saved(book), "a.xlsx").sheets[0].rows] == [["", "", "x"]]


def test_an_ods_matrix_formula_marks_all_its_cells():
    content = part(ods([["1", "2"], ["3", "4"]], formulas=[(1, 1)]), "content.xml").replace(
        b"<table:table-cell table:formula",
        b'<table:table-cell table:number-matrix-rows-spanned="2" table:number-matrix-columns-spanned="2" table:formula',
    )
    rows = read_workbook(with_parts(ods(SIMPLE), {"content.xml": content}), "a.ods").sheets[0].rows
    assert [row.formulas for row in rows] == [{0, 1}, {0, 1}]


def test_a_chart_sheet_is_passed_over():
    book = Workbook()
    book.active.append(["x"])
    book.create_chartsheet("图")
    assert [sheet.name for sheet in read_workbook(saved(book), "a.xlsx").sheets] == ["Sheet"]


def test_an_overlong_csv_field_is_refused():
    assert refusal(b'a,"' + b"x" * 200_000, "a.csv") == "文件损坏或没有传完整，打不开。"


def test_a_cell_longer_than_two_thousand_characters_is_refused():
    assert refusal(xlsx([["长" * 2001]])) == "第 1 行有一格超过 2,000 个字，没有读取。"


def test_bytes_in_no_known_encoding_are_refused():
    assert refusal(b"\xff\x80\x80\x00\x00", "a.csv") == "文字编码认不出来，读出来会是乱码。"

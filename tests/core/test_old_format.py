"""The old .xls: looked at before it is parsed."""

import io
from struct import pack, unpack_from

import pytest
import xlwt

from core.spreadsheets import read_workbook
from core.spreadsheets.contents import MAX_TEXT_LENGTH
from core.spreadsheets.old_format import DRAWINGS, SHARED, CompoundFile, _records, _shared_lengths, check_old_workbook
from tests.core.test_spreadsheets import SIMPLE, refusal
from tests.roster.workbooks import _biff, _record, compound, xls

FILEPASS = 0x2F


def old(rows: list[list[object]]) -> bytes:
    """An .xls as xlwt writes it, with shared strings."""
    book = xlwt.Workbook(encoding="utf-8")
    page = book.add_sheet("名单")
    for row, values in enumerate(rows):
        for column, value in enumerate(values):
            page.write(row, column, value)
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def test_an_ordinary_old_workbook_passes():
    check_old_workbook(old([["姓名", 1], ["测一", 2.5]]))
    check_old_workbook(xls(SIMPLE))


def with_drawings(store: bytes) -> bytes:
    """An .xls whose workbook tells of drawings, among them the pictures of `store`."""
    records = _biff(SIMPLE, "名单")
    drawings = _record(DRAWINGS, pack("<HHI", 0x0F, 0xF000, len(store)) + store)
    sheet_at = pack("<I", unpack_from("<I", records, 24)[0] + len(drawings))
    return compound({"Workbook": records[:20] + drawings + records[20:24] + sheet_at + records[28:]})


@pytest.mark.parametrize(
    ("data", "seen"),
    [
        pytest.param(with_drawings(pack("<HHI", 0x1F, 0xF001, 4) + b"fork"), True, id="a picture"),
        pytest.param(with_drawings(pack("<HHI", 0x00, 0xF006, 4) + b"note"), False, id="a note's frame"),
        pytest.param(xls(SIMPLE), False, id="no drawings"),
    ],
)
def test_pictures_are_seen(data, seen):
    assert read_workbook(data, "a.xls").has_pictures is seen


def test_a_password_is_seen():
    records = _biff(SIMPLE, "名单")
    locked = records[:20] + _record(FILEPASS, pack("<HHH", 0, 1, 2)) + records[20:]
    assert refusal(compound({"Workbook": locked}), "a.xls") == "文件有密码，打不开。"


def test_macros_are_refused():
    data = compound({"Workbook": _biff(SIMPLE, "名单"), "_VBA_PROJECT_CUR": b"x"})
    assert refusal(data, "a.xls") == "文件里有宏，不能上传。"


def test_a_word_document_named_xls_is_refused():
    assert refusal(compound({"WordDocument": b"x"}), "a.xls") == "这是 Word 文档，不是表格。"


def test_a_compound_file_of_something_else_is_refused():
    assert refusal(compound({"Contents": b"x"}), "a.xls") == "这个文件不是表格。"


@pytest.mark.parametrize("kept", [30, 600, 1000])
def test_a_truncated_file_is_refused(kept):
    assert refusal(xls(SIMPLE)[:kept], "a.xls") == "文件损坏或没有传完整，打不开。"


def test_a_sheet_that_reaches_too_far_is_refused_before_it_is_laid_out():
    assert refusal(old([["x"] * 256] + [[]] * 59_000 + [["y"]]), "a.xls") == "表格太大，读不了。"


def test_the_lengths_of_shared_strings_are_found_across_the_ends_of_records():
    texts = [f"{'长' * (number % 700)}{number}" for number in range(600)] + ["a" * 1_900, "𠮷", "b" * 9_000]
    file = CompoundFile(old([[text] for text in texts]))
    book = file.stream(file.entries["Workbook"])
    lengths = _shared_lengths(book, next(offset - 4 for kind, offset, _ in _records(book) if kind == SHARED))
    assert sorted(lengths) == sorted(len(text.encode("utf-16-le")) // 2 for text in texts)


def test_one_long_string_in_very_many_cells_is_refused_before_it_is_copied():
    rows = MAX_TEXT_LENGTH // 250 // 1_900 + 1
    assert refusal(old([["长" * 1_900] * 250] * rows), "a.xls") == "文件解开后太大，读不了。"


def test_a_cell_that_is_too_long_is_named():
    assert refusal(old([["x"], ["长" * 2_001]]), "a.xls") == "第 2 行有一格超过 2,000 个字，没有读取。"


def test_a_long_old_list_is_read_whole():
    rows = [[f"测{number}", f"{'地址' * 60}{number}"] for number in range(2_000)]
    assert [row.values for row in read_workbook(old(rows), "a.xls").sheets[0].rows] == rows

"""Workbooks made to hurt, or no workbooks at all: refused early, with one sentence, however they are packed."""

import io
import random
import zipfile
from unittest import mock

import pytest
from openpyxl.utils import get_column_letter
from python_calamine import CalamineWorkbook

from core.spreadsheets import Unreadable, read_workbook
from core.spreadsheets.contents import MAX_ROWS, MAX_TEXT_LENGTH
from core.spreadsheets.guards import GuardedZip
from core.spreadsheets.scans import RepeatedTextScan, SharedTextScan, XlsxScan
from tests.core.test_spreadsheets import SHEET, SIMPLE, refusal, sheet_xml
from tests.roster.workbooks import ods, part, with_parts, xlsx, zipped

TOO_LARGE, ENTITIES = "文件解开后太大，读不了。", "文件里夹带了不该有的内容（XML 实体），没有读取。"
WEB_PAGE = "这是网页，不是表格（有的系统导出的 .xls 其实是网页）。"
SHARED = "xl/sharedStrings.xml"
DOCTYPE = b'<?xml version="1.0"?><!DOCTYPE a [<!ENTITY b "c">]>'


def test_a_million_rows_are_given_up_as_soon_as_the_limit_is_passed():
    block = "".join(f"<row><c><v>{row * 7919 % 999983}</v></c></row>" for row in range(5_000))
    data = with_parts(xlsx(SIMPLE), {SHEET: sheet_xml(block * 200)})
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        package, whole = GuardedZip(archive), archive.getinfo(SHEET).file_size
        with pytest.raises(Unreadable, match="表格超过 60,000 行，读不了。"):
            package.scan(SHEET, XlsxScan())
    assert package.total < whole / 10
    assert refusal(data) == "表格超过 60,000 行，读不了。"


def test_a_million_lines_of_csv_are_given_up_as_soon_as_the_limit_is_passed():
    assert refusal(b"a,b\n" * 1_000_000, "a.csv") == f"表格超过 {MAX_ROWS:,} 行，读不了。"


@pytest.mark.parametrize("with_place", [True, False])
def test_sixteen_thousand_columns_are_refused(with_place):
    names = [f' r="{get_column_letter(column)}1"' if with_place else "" for column in range(1, 16_385)]
    rows = f'<row r="1">{"".join(f"<c{name}><v>1</v></c>" for name in names)}</row>'
    assert refusal(with_parts(xlsx(SIMPLE), {SHEET: sheet_xml(rows)})) == "表格超过 256 列，读不了。"


@pytest.mark.parametrize(
    "name", [SHEET, SHARED, "xl/styles.xml", "xl/workbook.xml", "xl/_rels/workbook.xml.rels", "[Content_Types].xml"]
)
def test_a_document_type_is_refused_in_any_part(name):
    assert refusal(with_parts(xlsx(SIMPLE), {name: DOCTYPE + b"<a>&b;</a>"})) == ENTITIES


def test_a_document_type_in_utf_16_is_refused_too():
    hidden = DOCTYPE.decode().replace('"1.0"', '"1.0" encoding="UTF-16"').encode("utf-16")
    assert refusal(with_parts(xlsx(SIMPLE), {"xl/styles.xml": hidden})) == ENTITIES


@pytest.mark.parametrize("name", ["content.xml", "styles.xml", "META-INF/manifest.xml"])
def test_a_document_type_in_an_ods_is_refused(name):
    assert refusal(with_parts(ods(SIMPLE), {name: DOCTYPE + b"<a>&b;</a>"}), "a.ods") == ENTITIES


def dense(size: int) -> bytes:
    """ASCII bytes that a zip makes forty times smaller, not more: the limit on the ratio lets them pass."""
    letters = random.Random(7).choices(b"abcdefghijklmnop", k=8_000 * (size // 640_000 + 1))
    pieces = (bytes(letters[start : start + 8_000]) * 80 for start in range(0, len(letters), 8_000))
    return b"".join(pieces)[:size]


def test_parts_that_are_too_much_together_are_refused():
    piece = dense(3_000_000)
    data = with_parts(xlsx(SIMPLE), {f"xl/media/{number}.bin": piece for number in range(54)})
    assert len(data) < 20_000_000
    assert refusal(data) == TOO_LARGE


def test_an_endless_shared_string_is_refused():
    data = with_parts(xlsx(SIMPLE), {SHARED: b"<sst><si><t>" + b"x" * 100_000_000 + b"</t></si></sst>"})
    assert refusal(data) == TOO_LARGE


def repeated(rows: int, length: int) -> bytes:
    """A workbook that shows one shared string in ten cells of every row."""
    cells = "".join(
        f'<row r="{row}">{"".join(f"""<c r="{column}{row}" t="s"><v>0</v></c>""" for column in "ABCDEFGHIJ")}</row>'
        for row in range(1, rows + 1)
    )
    shared = (
        '<sst xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main">'
        f"<si><t>{'长' * length}</t></si><si><t>短</t></si></sst>"
    )
    return with_parts(xlsx(SIMPLE), {SHEET: sheet_xml(cells), SHARED: shared})


def test_one_long_string_in_very_many_cells_is_refused_before_it_is_copied():
    data = repeated(rows=MAX_TEXT_LENGTH // 10 // 1_900 + 1, length=1_900)
    assert len(data) < 100_000
    assert refusal(data) == TOO_LARGE


def test_one_long_string_in_many_cells_is_read():
    found = read_workbook(repeated(rows=100, length=1_900), "a.xlsx").sheets[0].rows
    assert [len(row.values[9]) for row in found] == [1_900] * 100


def test_how_much_text_the_cells_show_is_counted_exactly():
    data = repeated(rows=3, length=50)
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        package, shared = GuardedZip(archive), SharedTextScan()
        package.scan(SHARED, shared)
        shown = RepeatedTextScan(shared.lengths)
        package.scan(SHEET, shown)
    assert (shared.lengths, shown.total) == ([50, 1], 1_500)


def test_an_ods_that_repeats_a_long_text_is_refused_before_it_is_copied():
    cell = b'<table:table-cell office:value-type="string"'
    content = part(ods([["长" * 1_900]]), "content.xml").replace(
        b"<table:table-row>" + cell,
        b'<table:table-row table:number-rows-repeated="2500"><table:table-cell '
        b'table:number-columns-repeated="10" office:value-type="string"',
        1,
    )
    assert refusal(with_parts(ods(SIMPLE), {"content.xml": content}), "a.ods") == TOO_LARGE


@pytest.mark.parametrize("reference", ["A1:XFD1048576", "A1:A1", "A1"])
def test_a_sheet_that_lies_about_its_size_is_read_as_it_is(reference):
    told = f'<dimension ref="{reference}"/><sheetData>'
    lying = sheet_xml('<row r="1"><c r="A1"><v>1</v></c></row><row r="3"><c r="B3"><v>2</v></c></row>').replace(
        b"<sheetData>", told.encode()
    )
    rows = read_workbook(with_parts(xlsx(SIMPLE), {SHEET: lying}), "a.xlsx").sheets[0].rows
    assert [row.values for row in rows] == [[1.0, ""], ["", ""], ["", 2.0]]


@pytest.mark.parametrize(
    ("data", "name", "sentence"),
    [
        (b"hello", "a.xlsx", "这是文字文件，不是表格。"),
        ("姓名,身份证号码\n".encode(), "a.xlsx", "这是文字文件，不是表格。"),
        ("姓名\t身份证号码\n".encode("gb18030"), "a.xls", "这是文字文件，不是表格。"),
        (b"%PDF-1.7" + bytes(9), "a.xlsx", "这是 PDF 文件，不是表格。"),
        (b"\xff\xd8\xff\xe0" + bytes(9), "a.xlsx", "这是图片，不是表格。"),
        (b"Rar!\x1a\x07" + bytes(9), "a.xlsx", "这是压缩包，不是表格。"),
        (bytes(range(256)), "a.xlsx", "这不是能读的表格。只收 .xlsx、.xls、.ods、.csv。"),
        (zipped({"word/document.xml": "<a/>"}), "a.xlsx", "这是 Word 文档，不是表格。只收 .xlsx、.xls、.ods、.csv。"),
        (zipped({"ppt/presentation.xml": "<a/>"}), "a.xlsx", "这是演示文稿，不是表格。只收 .xlsx、.xls、.ods、.csv。"),
        (
            zipped({"xl/workbook.bin": "x"}),
            "a.xlsb",
            "这是二进制的 .xlsb 表格，读不了。只收 .xlsx、.xls、.ods、.csv。",
        ),
        (zipped({"a.txt": "x"}), "a.zip", "这个文件不是表格。只收 .xlsx、.xls、.ods、.csv。"),
        ("<html><table></table></html>".encode("utf-16"), "a.xls", WEB_PAGE),
        (b'<?xml version="1.0"?>\n<!DOCTYPE html><html></html>', "a.xls", WEB_PAGE),
    ],
    ids=[
        "text", "csv", "tabs", "pdf", "photo", "rar", "bytes", "docx", "pptx", "xlsb", "zip", "html in utf-16", "xhtml",
    ],
)  # fmt: skip
def test_what_is_no_workbook_is_called_what_it_is(data, name, sentence):
    assert refusal(data, name) == sentence


def test_every_refusal_says_what_to_do():
    with pytest.raises(Unreadable) as caught:
        read_workbook(b"hello", "a.xlsx")
    assert caught.value.hint == (
        "用逗号分开的名单，请把文件名改成以 .csv 结尾再上传；其他的，请用 Excel 或 WPS 打开它，另存为 .xlsx 再上传。"
    )


# ── counted roughly first ────────────────────────────────────────────────────
def package_of(shared: bytes, cells: str = "") -> GuardedZip:
    archive = zipfile.ZipFile(io.BytesIO(with_parts(xlsx(SIMPLE), {SHEET: sheet_xml(cells), SHARED: shared})))
    package = GuardedZip(archive)
    package.scan(SHEET, XlsxScan())
    return package


def strings(*texts: str) -> bytes:
    items = "".join(f'<si><t xml:space="preserve">{text}</t></si>' for text in texts)
    return f'<?xml version="1.0" encoding="UTF-8"?><sst xmlns="http://x/main">{items}</sst>'.encode()


def test_lengths_of_shared_strings_are_seen_at_once():
    package = package_of(strings("中文", "", "a&amp;b", "\U00020bb7"))
    assert package.text_lengths(SHARED) == [2, 0, 7, 1]  # an entity counts as it is written: never too little
    runs = strings("x").replace(b"<t xml", b"<r><t>ab</t></r><r><t>cd</t></r><t xml")
    assert package_of(runs).text_lengths(SHARED) == [5]


def test_the_longest_string_is_seen_at_once():
    assert package_of(strings("中文", "", "𠮷" * 90)).longest_text(SHARED) == 90
    prefixed = strings("长" * 50, "长" * 60).replace(b"<si>", b"<x:si>").replace(b"</si>", b"</x:si>")
    assert package_of(prefixed).longest_text(SHARED) == 110  # both look like one: never too little


def test_a_list_of_short_strings_is_not_measured_string_by_string():
    shared, shown = strings("林", "文"), cells("<v>0</v>", "<v>1</v>")
    with mock.patch.object(GuardedZip, "text_lengths", side_effect=AssertionError):
        read = read_workbook(with_parts(xlsx(SIMPLE), {SHEET: sheet_xml(shown), SHARED: shared}), "a.xlsx")
    assert [row.values for row in read.sheets[0].rows] == [["文"]]


def test_very_much_text_is_not_taken_into_memory_to_be_measured():
    package = package_of(strings(*["长" * 1_000] * 6_000))
    assert (package.longest_text(SHARED), package.text_lengths(SHARED)) == (None, None)


@pytest.mark.parametrize(
    "spoiled",
    [
        lambda data: data.replace(b"<si>", b"<x:si>").replace(b"</si>", b"</x:si>"),
        lambda data: data.replace(b"</si>", b"</si >"),
        lambda data: data.replace(b"<si>", b"<si/><si>", 1),
        lambda data: data.replace(b"one", b"<![CDATA[</si>]]>"),
        lambda data: data.replace(b"one", b"o<?x <si></si>?>ne"),
        lambda data: data.replace(b"<si>", b"<!-- --><si>", 1),
        lambda data: data.replace(b"UTF-8", b"utf-16"),
        lambda data: data.replace(b"one", b"\xff"),
        lambda data: data.replace(b"one", b"\0"),
    ],
)
def test_what_is_written_strangely_is_not_measured_at_sight(spoiled):
    assert package_of(spoiled(strings("one", "two"))).text_lengths(SHARED) is None


@pytest.mark.parametrize(
    "spoiled",
    [
        lambda data: data.replace(b"one", b"<![CDATA[</si>]]>"),
        lambda data: data.replace(b"<si>", b"<!-- </si> --><si>", 1),
        lambda data: data.replace(b"one", b"o<?x <si></si>?>ne"),
        lambda data: data.replace(b"UTF-8", b"utf-16"),
        lambda data: data.replace(b"one", b"\xff"),
        lambda data: data.replace(b"one", b"\0"),
    ],
)
def test_where_a_string_may_look_like_two_the_longest_is_not_known(spoiled):
    assert package_of(spoiled(strings("one", "two"))).longest_text(SHARED) is None


@pytest.mark.parametrize(
    "spoiled",
    [
        lambda data: data.replace(b"one", b"o<b>n</b>e"),
        lambda data: data.replace(b"two", b"t<b>w</b>o"),
        lambda data: data.replace(b"two", b"t<b/>wo</t><t>"),
        lambda data: data.replace(b'<t xml:space="preserve">one', b"<t/>one").replace(b"two", b"t<b>w</b>o"),
        lambda data: data.replace(b'<t xml:space="preserve">one', b"one").replace(b"two</t>", b"two"),
        lambda data: data.replace(b"two</t></si>", b"two"),
    ],
)
def test_strings_are_joined_only_inside_of_texts(spoiled):
    package = package_of(spoiled(strings("one", "two", "three")))
    assert (package.longest_text(SHARED), package.text_lengths(SHARED)) == (None, None)


@pytest.mark.parametrize("hidden", ['<x a="></si><si><"/>', '<x b=\'"\' a="></si><si><"/>'])
def test_an_end_of_a_string_inside_quotes_is_none(hidden):
    """The parser of values reads on behind it, and one string is as long as all that look like strings together."""
    runs = f"<r><t>{LONG}</t></r>{hidden}" * 5
    shared = strings("x").replace(b'<t xml:space="preserve">x</t>', runs.encode())
    book = with_parts(xlsx(SIMPLE), {SHEET: sheet_xml(cells("<v>0</v>")), SHARED: shared})
    package = GuardedZip(zipfile.ZipFile(io.BytesIO(book)))
    assert (package.longest_text(SHARED), package.text_lengths(SHARED)) == (None, None)
    ((text,),) = CalamineWorkbook.from_filelike(io.BytesIO(book)).get_sheet_by_index(0).to_python()
    assert text == LONG * 5
    assert refusal(book, "a.xlsx") == "文件损坏或没有传完整，打不开。"  # no XML parser lets such a value stand


def test_a_text_with_tags_inside_is_not_measured_at_sight():
    assert package_of(strings("o<b>n</b>e")).longest_text(SHARED) is None


def cells(*values: str) -> str:
    return "".join(f'<row r="1"><c r="A1" t="s">{value}</c></row>' for value in values)


def test_what_is_unzipped_once_more_counts_once():
    package = package_of(strings("a"), cells("<v>0</v>"))
    before = package.total
    assert (package.longest_text(SHARED), package.text_lengths(SHARED), package.shared_text(SHEET, [1])) == (1, [1], 1)
    assert package.total == before


def test_text_of_cells_is_never_counted_too_low():
    assert package_of(strings("a"), cells("<v>0</v>", "<v>2</v>", "<v>9</v>")).shared_text(SHEET, [5, 7, 11]) == 16
    assert package_of(strings("a"), cells("<v>1.5</v>", "<is><t>12</t></is>")).shared_text(SHEET, [5, 7]) == 5


LONG = "长" * 400
LITTLE = 4_000  # characters, here: as many as ten cells with the long string hold
HOLDER = '<sst xmlns="http://x/main">{}</sst>'


@pytest.mark.parametrize(
    ("shared", "cell"),
    [
        (f"<si><t>{LONG}</t></si>", '<c r="A{0}" t="s"><v>0</v></c>'),
        (f"<si><t>{LONG}</t></si>", '<c\tr="A{0}" t="s"><v>0</v></c>'),
        (f"<si><t>{LONG}</t></si>", '<c r="A{0}" t="s"><v>-</v></c>'),
        (f"<si><t>{LONG}</t></si>", '<c r="A{0}" t="s"><v>1.5</v></c>'),
        (f"<si><t>{LONG}</t></si>", '<c r="A{0}" t="s"><v></v></c>'),
        (f"<si><t>{LONG}</t></si>", '<c r="A{0}" t="s"><v> 5 </v></c>'),
        (f"<si><t>{LONG}</t></si>", '<c r="A{0}" t="s" x:t="n"><v>0</v></c>'),
        ("<si><t>" + f"{'长' * 40}<si></si>" * 10 + "</t></si>", '<c r="A{0}" t="s"><v>0</v></c>'),
        ("<si><x:t>" + f"{'长' * 40}<si></si>" * 10 + "</x:t></si>", '<c r="A{0}" t="s"><v>0</v></c>'),
        (f"<si><t>x</t><si></si></si><si><t>{LONG}</t></si>", '<c r="A{0}" t="s"><v>1</v></c>'),
        (f"<中:si><t>x</t></中:si><si><t>{LONG}</t></si>", '<c r="A{0}" t="s"><v>1</v></c>'),
        (f"<a:b:si></a:b:si><si><t>{LONG}</t></si>", '<c r="A{0}" t="s"><v>0</v></c>'),
        (f"<!--<si></si>--><si><t>{LONG}</t></si>", '<c r="A{0}" t="s"><v>0</v></c>'),
        (f"<?x <si></si>?><si><t>{LONG}</t></si>", '<c r="A{0}" t="s"><v>0</v></c>'),
    ],
)
@pytest.mark.parametrize("head", ['<?xml version="1.0" encoding="UTF-8"?>', ""], ids=["with a head", "without"])
@pytest.mark.parametrize("holder", [HOLDER, f"<a>{HOLDER}</a>"], ids=["alone", "held"])
def test_however_it_is_written_not_more_text_is_read_than_may_be(monkeypatch, head, holder, shared, cell):
    for place in ("guards", "scans"):
        monkeypatch.setattr(f"core.spreadsheets.{place}.MAX_TEXT_LENGTH", LITTLE)
    rows = "".join(f'<row r="{row}">{cell.format(row)}</row>' for row in range(1, 25))
    parts = {SHEET: sheet_xml(rows), SHARED: head + holder.format(shared)}
    try:
        read = read_workbook(with_parts(xlsx(SIMPLE), parts), "a.xlsx")
    except Unreadable:
        return
    assert sum(len(str(value)) for sheet in read.sheets for row in sheet.rows for value in row.values) <= LITTLE


def test_of_two_lists_of_strings_nobody_knows_which_is_read():
    two = {"a/sharedStrings.xml": strings("a"), SHARED: strings("b"), SHEET: sheet_xml(cells("<v>0</v>"))}
    assert "损坏" in refusal(with_parts(xlsx(SIMPLE), two))


@pytest.mark.parametrize(
    "value", ["<v>&#48;</v>", "<v >0</v>", "<v>0</v >", "<v> 0 </v>", '<v xml:space="preserve">0</v>']
)
def test_a_value_written_strangely_is_counted_exactly(value):
    assert package_of(strings("a"), cells(value)).shared_text(SHEET, [5]) is None


@pytest.mark.parametrize("number", ["²", "9" * 5_000])
@pytest.mark.parametrize(
    "spoiled",
    [
        '<row r="{}"><c r="A1" t="s"><f/><v>0</v></c></row>',
        '<row r="1"><c r="A1" t="s"><v>{}</v></c></row>',
    ],
)
def test_a_number_that_is_none_is_no_crash(spoiled, number):
    """Strange strings (a comment among them) have every cell counted exactly."""
    shared = strings("长" * 100).replace(b"<si>", b"<!-- --><si>")
    data = with_parts(xlsx(SIMPLE), {SHEET: sheet_xml(spoiled.format(number)), SHARED: shared})
    try:
        read_workbook(data, "a.xlsx")
    except Unreadable as unreadable:
        assert str(unreadable)  # noqa: PT017 - a sentence, and no other error


def test_many_short_strings_and_a_long_one_are_not_too_much():
    """Too much only by the longest string in every cell: seen without going through it tag by tag."""
    rows = "".join(f'<row r="{row}"><c r="A{row}" t="s"><v>0</v></c></row>' for row in range(1, 25_000))
    shared = strings("短", "长" * 1_900)
    with mock.patch.object(RepeatedTextScan, "start", side_effect=AssertionError):
        read = read_workbook(with_parts(xlsx(SIMPLE), {SHEET: sheet_xml(rows), SHARED: shared}), "a.xlsx")
    assert len(read.sheets[0].rows) == 24_999

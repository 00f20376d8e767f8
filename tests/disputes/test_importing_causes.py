"""The column 案由 of a ledger: it names the type, it is never lost, and what is said of it is true. Pure."""

from datetime import date

import pytest

from core.spreadsheets import Sheet, SheetRow, Workbook
from disputes.importing import columns
from disputes.importing.checking import check_rows
from disputes.importing.facts import CheckedRow, Frame
from disputes.importing.reading import read_ledger

TYPES = {
    "marriage_family": "婚姻家庭", "neighbour": "相邻关系", "private_loan": "民间借贷", "traffic": "交通事故",
    "personal_injury": "人身损害赔偿", "other": "其他",
}  # fmt: skip
ROW = {"日期": "2022-03-15", "村": "大南村", "申请人": "示例甲", "对方": "示例乙", "简要情况": "双方因争路吵架。",
       "结果": "调解成功", "办结日期": "2022-03-29"}  # fmt: skip


def frame() -> Frame:
    return Frame(
        town="445381101",
        town_name="太平镇",
        villages={"445381101201": "大南村"},
        towns={"445381101": "太平镇"},
        types=TYPES,
        today=date(2023, 9, 20),
        suggest=lambda _: "personal_injury",
        source="visit",
    )


def one(**cells: str) -> CheckedRow:
    """The good row with these cells, under the columns proposed."""
    row = ROW | cells
    rows = [SheetRow(number, list(values)) for number, values in enumerate((row, row.values()), start=1)]
    file = read_ledger(Workbook([Sheet("2022年", rows)]))
    mapping = {header: columns.guess(header) for header in file.headers()}
    (found,) = check_rows(file, mapping, frame())
    return found


def said(row: CheckedRow) -> list[tuple[str, str]]:
    return [(issue.code, issue.message) for issue in row.issues]


@pytest.mark.parametrize(
    ("cause", "case_type"),
    [
        ("离婚", "marriage_family"),
        ("赡养", "marriage_family"),
        ("借贷", "private_loan"),
        ("邻里", "neighbour"),
        ("交通", "traffic"),
        ("离婚后财产纠纷", "marriage_family"),
        ("机动车交通事故责任纠纷", "traffic"),
    ],
)
def test_the_cause_names_the_type_and_the_row_says_so(cause, case_type):
    row = one(案由=cause)
    assert row.dispute.case_type == case_type
    assert said(row) == [("type_from_title", f"案由写的是「{cause}」，按{TYPES[case_type]}登记。")]


def test_a_cause_that_is_the_types_own_name_needs_no_word():
    row = one(案由="民间借贷纠纷")
    assert (row.dispute.case_type, row.dispute.narrative, said(row)) == ("private_loan", ROW["简要情况"], [])


def test_a_name_of_both_parties_and_the_cause_is_read_without_the_parties():
    row = one(申请人="示例甲", 对方="示例交通运输有限公司", 纠纷名称="示例甲与示例交通运输有限公司借贷纠纷")
    assert row.dispute.case_type == "private_loan"


def test_a_cause_that_names_no_type_is_kept_and_the_story_decides():
    row = one(案由="争路")
    assert row.dispute.case_type == "personal_injury"
    assert said(row) == [("type_suggested", "案由看不出类型，由经过看是人身损害赔偿。")]
    assert one(案由="祖坟").dispute.narrative == "案由：祖坟\n双方因争路吵架。"


def test_the_cause_stands_before_the_story_and_in_the_preview():
    row = one(案由="离婚", 简要情况="已调解。")
    assert row.dispute.narrative == "案由：离婚\n已调解。"
    assert row.shown["narrative"] == "案由：离婚\n已调解。"


def test_the_row_of_a_ledger_written_before_is_still_the_same():
    """Its identity is that of the story, as it was when the cause was not kept."""
    assert one(案由="离婚").dispute.identity == one().dispute.identity


def test_a_name_and_a_cause_are_both_read():
    row = one(纠纷名称="示例甲家的事", 案由="离婚")
    assert row.dispute.case_type == "marriage_family"
    assert row.dispute.narrative == "纠纷名称：示例甲家的事\n案由：离婚\n双方因争路吵架。"


def test_the_column_of_types_goes_first_and_a_contradiction_is_said():
    row = one(纠纷类型="邻里", 案由="离婚")
    assert row.dispute.case_type == "neighbour"
    assert said(row) == [
        ("type_differs", "案由写的是「离婚」，和纠纷类型不同，按纠纷类型登记为相邻关系，请核对。"),
    ]


@pytest.mark.parametrize("cause", ["邻里打架", "相邻关系", "争路", "其他"])
def test_a_cause_that_goes_with_the_type_is_no_contradiction(cause):
    assert said(one(纠纷类型="邻里", 案由=cause)) == []


def test_a_type_that_is_none_leaves_it_to_the_cause():
    row = one(纠纷类型="民事", 案由="离婚")
    assert row.dispute.case_type == "marriage_family"
    assert said(row) == [("type_from_title", "没有「民事」这一类，案由写的是「离婚」，按婚姻家庭登记。")]


def test_a_cause_that_makes_the_story_too_long_is_said_not_cut():
    row = one(案由="离婚", 简要情况="吵" * 20_000)
    assert (row.is_rejected, [code for code, _ in said(row)]) == (True, ["type_from_title", "story_too_long"])


def test_a_row_without_a_story_is_known_by_its_first_title_as_before():
    alone = one(**{"简要情况": "", "纠纷名称": "借款不还"}).dispute
    both = one(**{"简要情况": "", "纠纷名称": "借款不还", "案由": "借贷"}).dispute

    assert (both.identity == alone.identity, "借款不还" in both.narrative) == (True, True)

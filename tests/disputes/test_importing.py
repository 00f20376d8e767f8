"""A town's own ledger understood: where it stands in a sheet, its rows; what is taken, what is refused where. Pure.

Single headers and cells: test_importing_cells.py.
"""

from datetime import date
from decimal import Decimal

import pytest

from core.spreadsheets import Sheet, SheetRow, Workbook
from disputes.importing import columns
from disputes.importing.checking import check_rows
from disputes.importing.facts import CheckedRow, Frame
from disputes.importing.reading import LedgerFile, read_ledger

HEADER = [
    "序号",
    "受理日期",
    "村",
    "纠纷类型",
    "申请人",
    "申请人电话",
    "被申请人",
    "简要案情",
    "金额",
    "调解结果",
    "办结日期",
]
ROW = [
    "1",
    "2022-03-15",
    "大南村",
    "邻里纠纷",
    "示例甲",
    "13800000001",
    "示例乙",
    "共用的水沟被填。",
    "",
    "调解成功",
    "2022.3.29",
]
TYPES = {"neighbour": "邻里", "private_loan": "民间借贷", "labour": "劳动", "other": "其他"}


def frame(**chosen) -> Frame:
    return Frame(
        town="445381101",
        town_name="太平镇",
        villages={"445381101201": "大南村", "445381101202": "南村", "445381101001": "太平社区"},
        towns={"445381101": "太平镇", "445381004": "双东街道"},
        types=TYPES,
        today=date(2023, 9, 20),
        suggest=lambda story: "private_loan" if "借" in story else "other",
        source="visit",
        **chosen,
    )


def sheet(*rows, name="2022年", merged=None) -> Sheet:
    return Sheet(
        name,
        [
            SheetRow(number, list(row), filled_down=frozenset((merged or {}).get(number, ())))
            for number, row in enumerate(rows, start=1)
        ],
    )


def ledger(*rows, **kwargs) -> LedgerFile:
    return read_ledger(Workbook([sheet(*rows, **kwargs)]))


def mapping(file: LedgerFile) -> dict[str, str]:
    return {header: columns.guess(header) for header in file.headers()}


def check(*rows, merged=None, **chosen) -> list[CheckedRow]:
    file = ledger(*rows, merged=merged)
    return list(check_rows(file, mapping(file), frame(**chosen)))


def one(**changed) -> CheckedRow:
    """The good row with some cells changed, by header; a header the row has not is added."""
    header = [*HEADER, *(name for name in changed if name not in HEADER)]
    values = dict(zip(HEADER, ROW, strict=True)) | changed
    (found,) = check(header, [values[name] for name in header])
    return found


def codes(row: CheckedRow) -> list[tuple[str, str]]:
    return [(issue.field, issue.code) for issue in row.issues]


# ── finding the ledger ───────────────────────────────────────────────────────
def test_titles_totals_signatures_blank_rows_and_repeated_headers_are_no_disputes():
    title, total, sign = (
        ["太平镇2022年矛盾纠纷台账"],
        ["合计", "", "", "", "", "", "", "1件"],
        ["填报人：示例甲", "审核：示例乙"],
    )
    file = ledger(title, HEADER, ROW, [""], ["2"], HEADER, total, sign)
    assert [row.number for row in file.sheets[0].rows] == [3]
    assert (file.sheets[0].header_row, file.sheets[0].year) == (2, 2022)


@pytest.mark.parametrize(
    ("name", "title", "year"),
    [
        ("2022年", "台账", 2022),
        ("2022", "台账", 2022),
        ("202203", "台账", 2022),
        ("台账", "太平镇2022年矛盾纠纷台账", 2022),
        ("2022年", "太平镇2023年台账", 2022),
        ("2021-2022年", "台账", None),
        ("台账", "2021年至2022年台账", None),
        ("台账", "编号12022345", None),
        ("台账", "矛盾纠纷台账", None),
    ],
)
def test_the_year_of_a_sheet_is_the_one_that_its_name_or_title_says(name, title, year):
    (found,) = read_ledger(Workbook([sheet([title], HEADER, ROW, name=name)])).sheets
    assert found.year == year


def test_a_day_without_a_year_takes_it_from_the_title_and_says_so():
    values = dict(zip(HEADER, ROW, strict=True)) | {"受理日期": "3月5日", "办结日期": "3月9号"}
    (row,) = check(["太平镇2022年台账"], HEADER, [values[name] for name in HEADER])

    assert (row.dispute.registered_on, row.dispute.closed_on) == (date(2022, 3, 5), date(2022, 3, 9))
    assert [tuple(issue) for issue in row.issues] == [
        ("registered_on", "day_year_from_title", "年份取自表名：2022年。", False),
        ("closed_on", "day_year_from_title", "年份取自表名：2022年。", False),
    ]


def test_a_day_without_a_year_that_nothing_says_is_asked_for():
    values = dict(zip(HEADER, ROW, strict=True)) | {"受理日期": "3月5日"}
    file = ledger(HEADER, [values[name] for name in HEADER], name="台账")
    (row,) = check_rows(file, mapping(file), frame())

    assert row.is_rejected
    assert [issue.message for issue in row.issues] == ["没有写年份，表名里也看不出，请写成 2022-03-15。"]


def test_a_header_of_two_lines_is_read_as_one():
    top = ["序号", "受理日期", "申请人", "", "被申请人", "", "简要案情"]
    below = ["序号", "受理日期", "姓名", "联系电话", "姓名", "联系电话", "简要案情"]
    row = ["1", "2022-03-15", "示例甲", "13800000001", "示例乙", "13800000002", "水沟被填。"]
    file = ledger(top, below, row, merged={2: {0, 1, 6}})
    assert [columns.guess(header) for header in file.sheets[0].headers] == [
        "serial", "registered_on", "applicant", "applicant_phone", "respondent", "respondent_phone", "narrative",
    ]  # fmt: skip
    assert [row.number for row in file.sheets[0].rows] == [3]


@pytest.mark.parametrize(
    ("headers", "fields"),
    [
        ("受理日期 申请人 手机 身份证号 被申请人 手机 身份证号 情况",
         "registered_on applicant applicant_phone applicant_id respondent respondent_phone respondent_id narrative"),
        ("日期 申请人姓名 性别 年龄 联系电话 住址 对方当事人 证件号码 案由",
         "registered_on applicant - - applicant_phone applicant_address respondent respondent_id title"),
        ("日期 申请人 申请人身份证号码 手机号码 被申请人 情况 调解员 手机",
         "registered_on applicant applicant_id applicant_phone respondent narrative mediator -"),
        ("日期 当事人（甲方） 手机 当事人（乙方） 手机 情况",
         "registered_on applicant applicant_phone respondent respondent_phone narrative"),
        ("日期 双方当事人 手机 情况", "registered_on parties - narrative"),
        ("日期 手机 申请人 情况", "registered_on - applicant narrative"),
    ],
    ids=["both", "with others between", "the mediator's", "in brackets", "both in one cell", "before anybody"],
)  # fmt: skip
def test_a_header_that_names_no_party_speaks_of_the_one_on_its_left(headers, fields):
    named = headers.split()
    file = ledger(named, ["2022-03-15", *["示例"] * (len(named) - 1)])

    assert [columns.guess(header) or "-" for header in file.sheets[0].headers] == fields.split()


def test_numbers_under_such_headers_come_to_their_people():
    (row,) = check(
        ["受理日期", "村", "申请人", "身份证号", "手机", "被申请人", "手机", "情况", "调解结果"],
        ["2022-03-15", "太平社区", "示例甲", "445381196803121235", "13800000001", "示例乙", "13800000002", "水沟被填。",
         "正在调解"],
    )  # fmt: skip
    assert [(one.name, one.id_number, one.phone) for one in row.dispute.people] == [
        ("示例甲", "445381196803121235", "13800000001"), ("示例乙", "", "13800000002"),
    ]  # fmt: skip


def test_of_several_telephones_of_one_person_the_first_is_registered():
    row = one(申请人电话="0766-3822222、3822333")
    assert [(one.name, one.phone) for one in row.dispute.people] == [("示例甲", "0766-3822222"), ("示例乙", "")]
    two = one(申请人="示例甲、示例丙", 申请人电话="13800000001、13800000002、13800000003")
    assert ("applicant_phone", "numbers_unmatched") in codes(two)


def test_people_in_rows_of_their_own_belong_to_the_merged_dispute():
    second = ["1", "2022-03-15", "大南村", "邻里纠纷", "示例丙", "13800000003", "", ROW[7], "", "调解成功", "2022.3.29"]
    (row,) = check(HEADER, ROW, second, merged={3: {0, 1, 2, 3, 6, 7, 9, 10}})
    assert [(one.name, one.phone) for one in row.dispute.people] == [
        ("示例甲", "13800000001"), ("示例丙", "13800000003"), ("示例乙", ""),
    ]  # fmt: skip


def test_a_sheet_without_a_ledger_is_told_and_an_example_is_left_alone():
    file = read_ledger(Workbook([sheet(HEADER, ROW), sheet(["说明"], name="说明"), sheet(HEADER, ROW, name="示例")]))
    assert len(file.sheets) == 1
    assert file.notes == ("工作表「说明」里没有找到台账的表头，没有读。", "工作表「示例」是示例，没有读。")


# ── a row ────────────────────────────────────────────────────────────────────
def test_a_good_row_becomes_a_dispute_with_all_its_facts():
    row = one()
    found = row.dispute
    assert codes(row) == []
    assert (found.registered_on, found.closed_on, found.outcome) == (date(2022, 3, 15), date(2022, 3, 29), "agreed")
    assert (found.village, found.case_type, found.source) == ("445381101201", "neighbour", "visit")
    assert [(one.side, one.name, one.phone) for one in found.people] == [
        ("applicant", "示例甲", "13800000001"), ("respondent", "示例乙", ""),
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("changed", "issue"),
    [
        ({"受理日期": ""}, ("registered_on", "day_missing")),
        ({"受理日期": "去年春天"}, ("registered_on", "day_invalid")),
        ({"受理日期": "2024-01-01"}, ("registered_on", "day_invalid")),
        ({"申请人": ""}, ("applicant", "applicant_missing")),
        ({"简要案情": ""}, ("narrative", "story_missing")),
        ({"村": "石牌村"}, ("village", "village_unclear")),
        ({"村": ""}, ("village", "village_missing")),
        ({"申请人电话": "1380000"}, ("applicant_phone", "phone_invalid")),
        ({"申请人身份证号码": "445381198503120011"}, ("applicant_id", "id_invalid")),
        ({"申请人身份证号码": 4.45381198503120e17}, ("applicant_id", "id_precision_lost")),
        ({"金额": "很多"}, ("amount", "amount_invalid")),
        ({"调解结果": "已办结"}, ("outcome", "outcome_unclear")),
        ({"调解结果": ""}, ("outcome", "outcome_unclear")),
        ({"办结日期": "2022-03-01"}, ("closed_on", "closed_before_registered")),
        ({"申请人": "示例甲、示例甲"}, ("applicant", "party_twice")),
        ({"镇街": "双东街道"}, ("town", "town_differs")),
    ],
)
def test_what_cannot_be_written_is_said_at_its_column(changed, issue):
    row = one(**changed)
    assert (row.is_rejected, issue in codes(row)) == (True, True)
    assert all(problem.message.endswith(("。", "”")) for problem in row.issues)


@pytest.mark.parametrize(
    ("changed", "issue", "says"),
    [
        (
            {"纠纷类型": "", "简要案情": "借了两万元不还。"},
            ("case_type", "type_suggested"),
            ("case_type", "private_loan"),
        ),
        ({"办结日期": ""}, ("closed_on", "closed_day_missing"), ("closed_on", date(2022, 3, 15))),
        ({"金额": "约3.5万元"}, ("amount", "amount_about"), ("amount", Decimal(35_000))),
        ({"调解结果": "", "办结日期": ""}, ("outcome", "outcome_missing"), ("outcome", "")),
        ({"申请人电话": "0766-3822222、3822333"}, ("applicant_phone", "first_phone_only"), ("outcome", "agreed")),
        ({"申请人": "示例甲等5人"}, ("applicant", "others_not_named"), ("outcome", "agreed")),
        (
            {"村": "", "简要案情": "大南村两家共用的水沟被填。"},
            ("narrative", "village_found"),
            ("village", "445381101201"),
        ),
        ({"申请人身份证号码": "445381********0011"}, ("applicant_id", "mask_ignored"), ("outcome", "agreed")),
    ],
)
def test_what_was_understood_all_the_same_is_to_be_looked_at(changed, issue, says):
    row = one(**changed)
    assert (issue in codes(row), row.is_rejected) == (True, False)
    name, value = says
    assert getattr(row.dispute, name) == value


def test_the_longest_village_name_decides():
    assert (one(村="大南村委会").dispute.village, one(村="南村").dispute.village) == ("445381101201", "445381101202")
    assert one(村="大南").dispute.village == "445381101201"


def test_a_village_chosen_for_the_file_fills_what_says_none():
    (row,) = check(HEADER, [*ROW[:2], "", *ROW[3:]], village="445381101001")
    assert row.dispute.village == "445381101001"


def test_figures_under_ten_thousands_are_ten_thousands():
    header = ["金额（万元）" if name == "金额" else name for name in HEADER]
    (row,) = check(header, [*ROW[:8], "1.5", *ROW[9:]])
    assert row.dispute.amount == Decimal(15_000)


def test_an_organisation_is_one():
    assert [one.kind for one in one(被申请人="示例建筑有限公司").dispute.people] == ["person", "organisation"]


def test_the_identity_leaves_out_what_may_be_filled_in_later():
    known = one().dispute.identity
    assert one(调解结果="正在调解", 办结日期="", 金额="500", 纠纷类型="").dispute.identity == known
    assert one(简要案情="另一件事。").dispute.identity != known


def test_numbers_are_masked_where_they_are_shown():
    row = one(简要案情="电话 13800000001 打不通。")
    assert row.shown["narrative"] == "电话 138****0001 打不通。"

"""Ledgers as towns keep them, made up: one that is in order, one as it really comes."""

import csv as csv_module
import io

from openpyxl import Workbook

TITLE = "太平镇2022年矛盾纠纷调处登记台账"
HEADER = [
    "序号", "编号", "受理日期", "村（居）", "纠纷类型", "来源", "申请人姓名", "申请人身份证号码", "申请人联系电话",
    "被申请人姓名", "被申请人电话", "纠纷简要情况", "涉案金额（元）", "调解员", "调解结果", "办结时间", "年龄",
]  # fmt: skip
ID_NUMBER = "445381196803121235"
GOOD = [
    ["1", "太调2022-1", "2022.3.5", "太平社区", "邻里纠纷", "群众来访", "示例甲", ID_NUMBER, "13800000001", "示例乙",
     "13800000002", "两家共用的排水沟被填，雨天倒灌。", "", "黎桂生", "调解成功", "2022.3.20", "50"],
    ["2", "太调2022-2", "2022年3月1日", "太平社区", "民间借贷", "派出所移交", "示例丙、示例丁", "", "",
     "示例建筑有限公司", "", "借款两万元未还，多次催讨。", "2万", "某调解员", "调解不成，引导诉讼", "2022-05-10", ""],
    ["3", "太调2022-3", "2022/6/18", "太平社区", "其他", "网格排查", "示例戊", "", "", "", "",
     "申请人反映路灯不亮。", "", "", "移送供电部门", "2022/6/25", ""],
    ["4", "", "7月2日", "太平社区", "劳资", "", "示例己", "", "", "示例庚", "", "做工两个月工资没有结清。", "12000", "",
     "申请人撤回", "", ""],
    ["5", "", "2023-09-18", "太平社区", "", "", "示例辛", "", "", "示例壬", "", "借了三万元到期不还。", "30000", "",
     "正在调解", "", ""],
]  # fmt: skip
BAD = [
    ["6", "", "去年春天", "太平社区", "邻里纠纷", "", "示例癸", "", "", "", "", "吵架。", "", "", "调解成功", "", ""],
    [
        "7",
        "",
        "2022-08-08",
        "太平社区",
        "邻里纠纷",
        "",
        "",
        "",
        "1380000",
        "",
        "",
        "占了过道。",
        "",
        "",
        "已办结",
        "",
        "",
    ],
]


def table(*rows: list, title: str = TITLE, header: list | None = None) -> list[list]:
    return [[title], HEADER if header is None else header, *rows]


def xlsx(*rows: list, header: list | None = None) -> bytes:
    book = Workbook()
    for row in table(*rows, header=header):
        book.active.append(row)
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def xlsx_of_two_years() -> bytes:
    """Another year on another sheet, under headers in other words."""
    book = Workbook()
    for row in table(*GOOD[:1]):
        book.active.append(row)
    later = book.create_sheet("2023")
    later.append(["日期", "村名", "当事人（甲方）", "当事人（乙方）", "纠纷简况", "调处结果"])
    later.append(["2023年5月6日", "太平社区", "示例子", "示例丑", "做工两个月工资没有结清。", "调解成功"])
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def csv(*rows: list) -> bytes:
    out = io.StringIO()
    csv_module.writer(out).writerows(table(*rows))
    return out.getvalue().encode("gb18030")

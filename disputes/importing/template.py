"""The empty ledger for a town to fill in: words to choose from, and made-up disputes as an example."""

from collections.abc import Sequence

from core.spreadsheets import Hint, SheetToWrite
from disputes.choices import Source

LIST, EXAMPLE = "台账", "示例"
HEADER = (
    "编号", "受理日期", "村（社区）", "纠纷类型", "来源", "申请人", "申请人身份证号码", "申请人电话",
    "被申请人", "被申请人身份证号码", "被申请人电话", "纠纷简要情况", "金额（元）", "调解员",
    "调解结果", "办结日期", "备注",
)  # fmt: skip
WIDTHS = (14, 13, 14, 14, 14, 14, 22, 15, 14, 22, 15, 50, 12, 10, 14, 13, 20)
PLACE = {title: place for place, title in enumerate(HEADER)}
TEXT = frozenset(PLACE[title] for title in HEADER if title.endswith(("号码", "电话", "编号", "日期")))
EMPTY_ROWS = 100
OUTCOMES = ("调解成功", "调解不成", "终止：申请人撤回", "终止：一方拒绝", "移送其他部门", "正在调解")
EXAMPLES = (
    ("太调2022-015", "2022-03-15", "", "邻里", "群众申请", "示例甲", "", "13800000001", "示例乙", "", "",
     "两家共用的排水沟被填，雨天倒灌，要求恢复原状。", "", "示例调解员", "调解成功", "2022-03-29", "已履行"),
    ("太调2022-031", "2022-06-02", "", "民间借贷", "群众申请", "示例丙、示例丁", "", "", "示例戊", "", "",
     "借款两万元，约定年底归还，多次催讨未还。", "20000", "示例调解员", "调解不成", "2022-07-01", ""),
    ("太调2023-004", "2023-01-09", "", "劳动", "部门移送", "示例己", "", "", "示例建筑有限公司", "", "",
     "在工地做工两个月，工资没有结清。", "12000", "示例调解员", "移送其他部门", "2023-01-16", "转劳动监察"),
)  # fmt: skip


def template_sheets(villages: Sequence[str], types: Sequence[str]) -> list[SheetToWrite]:
    """The empty ledger of a town, and three made-up disputes on a sheet that no import reads."""
    village = PLACE["村（社区）"]
    filled = [[*row[:village], villages[0] if villages else "", *row[village + 1 :]] for row in EXAMPLES]
    return [
        SheetToWrite(
            name=LIST,
            header=HEADER,
            rows=[[""] * len(HEADER)] * EMPTY_ROWS,
            widths=WIDTHS,
            text_columns=TEXT,
            hints=_hints(villages, types),
        ),
        SheetToWrite(name=EXAMPLE, header=HEADER, rows=filled, widths=WIDTHS, text_columns=TEXT),
    ]


def _hints(villages: Sequence[str], types: Sequence[str]) -> list[Hint]:
    offered = {
        "受理日期": ("写成 2022-03-15。", ()),
        "村（社区）": ("纠纷在哪个村（社区）。", villages),
        "纠纷类型": ("从列表里选；不填的，由经过推断，核对时能看到。", types),
        "来源": ("从列表里选。", [str(label) for label in Source.labels]),
        "申请人": ("几个人的用顿号隔开：张三、李四。", ()),
        "申请人身份证号码": ("这一列是文本，不要改成数字，否则丢尾数。可以不填。", ()),
        "纠纷简要情况": ("谁、什么时候、什么事、想怎样。必填。", ()),
        "金额（元）": ("写元，如 48000。", ()),
        "调解结果": ("从列表里选，也可以写自己的话。", OUTCOMES),
        "办结日期": ("写成 2022-03-29。不填的按受理日期计。", ()),
    }
    return [Hint(PLACE[title], title, words, choices) for title, (words, choices) in offered.items()]

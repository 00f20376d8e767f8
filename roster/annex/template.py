"""The empty annex for a unit to fill in: numbered rows, words to choose from, and made-up people as an example."""

from collections.abc import Iterator
from datetime import date

from core.choices import Sex
from core.clock_face import cn_full_date
from core.spreadsheets import Hint, Line, SheetToWrite
from roster.annex.facts import StaffFacts
from roster.annex.sheets import BESIDE, PLACE, SMALL, base_sheet, row_of, seal_lines
from roster.choices import MediatorKind, TeamRole

TEMPLATE_ROWS = 50
LIST, EXAMPLE = "名单", "示例"
# Words for 备注 that say which seat is meant; each is read as that seat whatever stands in 所在单位及职务.
SEAT_WORDS = (
    TeamRole.JUDGE.label,
    TeamRole.JUDGE_ASSISTANT.label,
    TeamRole.LIAISON_OFFICER.label,
    *(kind.label for kind in MediatorKind),
)
ID_LENGTH = 18
HINTS = (
    Hint(PLACE["name"], "姓名", "照身份证写。少数民族姓名中间用「·」。"),
    Hint(PLACE["born"], "出生年月", "写公历年月，如 1985.03。这一列是文本，不会变成日期。"),
    Hint(
        PLACE["sex"],
        "性别",
        "选「男」或「女」。",
        [str(sex.label) for sex in (Sex.MALE, Sex.FEMALE)],
        only_offered=True,
    ),
    Hint(
        PLACE["unit_and_duty"],
        "所在单位及职务",
        "写全称和职务，如：太平镇人民调解委员会 专职人民调解员；太平镇大南村村委会 副主任。",
    ),
    Hint(PLACE["registered_address"], "户籍地址", "照户口本或身份证写到门牌。"),
    Hint(PLACE["contact_address"], "通讯地址", "能收到信的地址。"),
    Hint(
        PLACE["id_number"],
        "身份证号码",
        "18 位，末位可能是 X。这一列是文本：不要改成数字，否则丢尾数。",
        length=ID_LENGTH,
    ),
    Hint(PLACE["phone"], "联系电话", "手机 11 位；座机带区号，如 0766-3812345。两个号码用「/」隔开。"),
    Hint(
        PLACE["note"],
        "备注",
        "职务看不出岗位的，在这里选一个。法官、法官助理负责几个镇（街）的，写「负责太平镇、罗镜镇」。也可以写别的。",
        SEAT_WORDS,
    ),
)
RULES = (
    "一人一行，序号已经排好；不够可以往下加行，多出的空行不用删。",
    "身份证号码、联系电话、出生年月三列已设成文本，请直接输入，不要改格式。",
    "法官、法官助理负责几个镇（街）的，在备注写「负责太平镇、罗镜镇」。名单里没有的人，不会因此离任。",
)
NOT_READ = "说明：这一页是示例，人和号码都是编的，导入时不读。请在「名单」页填写。"
EXAMPLES = (
    StaffFacts(
        "示例甲", "1985-03", Sex.MALE, "罗定市人民法院太平人民法庭 审判员", "广东省罗定市罗城街道示例路1号",
        "罗定市人民法院", "445381198503120010", "13800000001", "负责太平镇、罗镜镇",
    ),
    StaffFacts(
        "示例乙", "1990-11", Sex.FEMALE, "罗定市人民法院太平人民法庭 法官助理", "广东省罗定市罗城街道示例路2号",
        "罗定市人民法院", "445381199011050022", "13800000002", "",
    ),
    StaffFacts(
        "示例丙", "1978-06", Sex.MALE, "太平镇大南村村民委员会 副主任", "广东省罗定市太平镇大南村示例巷3号",
        "太平镇大南村村民委员会", "445381197806230036", "13800000003/0766-3800003", "",
    ),
    StaffFacts(
        "示例·丁", "1982-09", Sex.FEMALE, "太平镇综治中心 科员", "广东省罗定市太平镇示例街4号",
        "太平镇人民政府", "445381198209170041", "13800000004", "联络人员",
    ),
    StaffFacts(
        "示例戊", "1995-02", Sex.MALE, "广东示例律师事务所 律师", "广东省罗定市罗城街道示例路5号",
        "广东示例律师事务所", "445381199502080058", "13800000005", "驻村律师",
    ),
)  # fmt: skip


def template_sheets(unit: str, on: date) -> list[SheetToWrite]:
    """The empty list with fifty numbered rows, and made-up people on a sheet that no import reads."""
    sealed = [*seal_lines(cn_full_date(on))]
    empty = [row_of(number, StaffFacts()) for number in range(1, TEMPLATE_ROWS + 1)]
    filled = [row_of(number, facts) for number, facts in enumerate(EXAMPLES, start=1)]
    return [
        base_sheet(
            LIST,
            empty,
            unit=unit,
            below=[*seal_lines("　　　　年　　月　　日"), *_rule_lines()],
            hints=HINTS,
        ),
        base_sheet(EXAMPLE, filled, unit="示例镇", above=[Line(NOT_READ, BESIDE)], below=sealed),
    ]


def _rule_lines() -> Iterator[Line]:
    for number, words in enumerate(RULES, start=1):
        yield Line(f"说明：{number}. {words}", SMALL)

"""The columns of the annex as data: the headers they go by, whether they must be there, how their cells are cleaned."""

import re
import unicodedata
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from typing import TypeGuard

from core.spreadsheets import CellValue
from roster.annex import cells

SERIAL, TOWN, CATEGORY = "serial", "town", "category"


def _words(text: str) -> tuple[str, ...]:
    return tuple(text.split())


@dataclass(frozen=True, slots=True)
class Column:
    """`field` is the name in StaffFacts, `title` the annex's own header, `headers` whatever else it is called.

    `clean` turns a cell into text and may say what is wrong with it; several columns of one kind
    (办公电话 and 手机) are joined by `joined_by`. An empty `required` column makes the file unusable.
    `halves`: headers of its first and its second half (出生年, 出生月); these alone are joined then.
    """

    field: str
    title: str
    headers: tuple[str, ...] = ()
    required: bool = False
    clean: Callable[[CellValue], str] = cells.line
    joined_by: str = ""
    halves: tuple[tuple[str, ...], ...] = ()


COLUMNS = (
    Column(SERIAL, "序号", _words("编号 顺序 顺号 序 No NO №")),
    Column("name", "姓名", _words("名字 姓名称谓"), required=True, clean=cells.name),
    Column(
        "born",
        "出生年月",
        _words("出生日期 出生年月日 出生时间 出生 生日 出生月份"),
        clean=cells.raw_text,
        joined_by="-",
        halves=(_words("出生年 出生年份 出生年度 生年"), _words("出生月 出生月份 生月")),
    ),
    Column("sex", "性别", clean=cells.raw_text),
    Column(
        "unit_and_duty",
        "所在单位及职务",
        _words(
            "单位职务 工作单位职务 工作单位 所在单位 单位名称 单位 职务 职务职称 单位职务职称 任职单位 任职单位职务"
        ),
        required=True,
        joined_by=" ",
    ),
    Column(
        "registered_address",
        "户籍地址",
        _words("户籍所在地 户籍地 户口所在地 户口地址 户籍住址 户籍 身份证地址 身份证住址"),
    ),
    Column(
        "contact_address",
        "通讯地址",
        _words("通信地址 联系地址 通讯住址 住址 地址 住地址 居住地址 居住地 常住地址 常住地 家庭住址 家庭地址"),
    ),
    Column(
        "id_number",
        "身份证号码",
        _words(
            "身份证号 身份证 公民身份号码 公民身份证号码 公民身份证号 居民身份证号码 居民身份证号 居民身份证"
            " 身份证件号码 身份证件号 身份证编号 证件号码 身份号码"
        ),
        required=True,
        clean=cells.raw_text,
    ),
    Column(
        "phone",
        "联系电话",
        _words(
            "电话 手机 手机号 手机号码 手机长号 手机电话 电话手机 联系电话手机 联系手机号 联系手机号码 联系方式"
            " 电话号码 联系电话号码 联系手机 移动电话 办公电话 固定电话 座机 座机号码 联系号码"
        ),
        clean=cells.raw_text,
        joined_by="/",
    ),
    Column("note", "备注", _words("备考 附注 备注说明")),
)
# Not of the annex, so never missed, never shown as a cell, never written; `beside` says what they decide.
BESIDE = (
    Column(
        TOWN,
        "镇（街）",
        _words(
            "镇街 乡镇 街镇 街道 镇街道 乡镇街道 镇名 镇街名称 乡镇名称 所属镇 所属镇街 所属乡镇 所属街道 所属镇街道"
            " 所属乡镇街道 所在镇 所在镇街 所在乡镇 所在镇街道 所在乡镇街道 所属联络点 联络点 负责镇 负责镇街 负责乡镇"
        ),
    ),
    Column(CATEGORY, "人员类别", _words("岗位 岗位类别 岗位类型 身份类别 队伍类别")),
)
POST, DUTY = "岗位", "职务"  # without a column of duties 岗位 is one: 支部书记, 副主任
BY_FIELD = {column.field: column for column in (*COLUMNS, *BESIDE)}
FACT_COLUMNS = COLUMNS[1:]
NO_TEXT = {column.field: "" for column in FACT_COLUMNS}
PLACES = {column.title: place for place, column in enumerate(COLUMNS)}

IN_BRACKETS = re.compile(r"[(（\[【〔<《].*?[)）\]】〕>》]", re.S)
DECORATION = re.compile(r"[\s\u00ad\u200b-\u200f\u202a-\u202e\u2060\ufeff*＊:：、，,。.·/\\\"“”'‘’_|-]+|^\d+|\d+$")  # noqa: RUF001
BRACKETS = re.compile(r"[()\[\]【】〔〕<>《》]")
JOINING = re.compile(r"[和及与或]")
AROUND = re.compile(r"\A(?:本人|个人|人员|队员|成员|调解员|现任|现在|现|目前)(?=..)|(?<=..)(?:栏|全称)\Z")
ENOUGH_HEADERS = 3
HEADER_LENGTH = 60


def plain_header(text: str) -> str:
    """A header without blanks, stars, numbers at its ends, 及, and what is in brackets: 联系电话（手机） → 联系电话."""
    text = unicodedata.normalize("NFKC", text)
    outside = DECORATION.sub("", IN_BRACKETS.sub("", text)) or DECORATION.sub("", BRACKETS.sub("", text))
    return AROUND.sub("", JOINING.sub("", outside))


@cache
def _fields_by_header() -> dict[str, str]:
    return {
        plain_header(word): column.field for column in BY_FIELD.values() for word in (column.title, *column.headers)
    }


def field_of(header: CellValue) -> str | None:
    """The field a header cell names, if any. No header is long."""
    return (
        _fields_by_header().get(plain_header(header))
        if isinstance(header, str) and 0 < len(header) <= HEADER_LENGTH
        else None
    )


def match_headers(values: Iterable[CellValue]) -> dict[str, list[int]]:
    """Field → places (from 0) of the columns that carry it; only the first unless the column says how to join."""
    found: dict[str, list[int]] = {}
    texts = list(values)
    for place, value in enumerate(texts):
        field = field_of(value)
        if field and (field not in found or (BY_FIELD[field].joined_by and not BY_FIELD[field].halves)):
            found.setdefault(field, []).append(place)
    return found | _duties(texts, found) | _in_halves(texts, found)


def _duties(values: Sequence[CellValue], found: dict[str, list[int]]) -> dict[str, list[int]]:
    """单位 and 岗位 together where no 职务 stands; what then is the category is the next column that says one."""
    categories = [place for place, value in enumerate(values) if CATEGORY in found and field_of(value) == CATEGORY]
    posts = [place for place in categories if plain_header(str(values[place])) == POST]
    units = found.get("unit_and_duty", [])
    if not posts or any(DUTY in plain_header(str(values[place])) for place in units):
        return {}
    found.pop(CATEGORY)
    others = [place for place in categories if place not in posts]
    return {"unit_and_duty": sorted([*units, *posts])} | ({CATEGORY: others[:1]} if others else {})


def _in_halves(values: Sequence[CellValue], found: Mapping[str, list[int]]) -> dict[str, list[int]]:
    """The fields of which no column stands whole, but both halves do."""
    plain = [plain_header(value) if _may_be_half(value) else "" for value in values]
    joined: dict[str, list[int]] = {}
    for column in COLUMNS if any(plain) else ():
        places = [next((at for at, text in enumerate(plain) if text in half), -1) for half in column.halves]
        if places and min(places) >= 0 and found.get(column.field, places[1:]) == places[1:]:
            joined[column.field] = places
    return joined


def _may_be_half(header: CellValue) -> TypeGuard[str]:
    """Nearly no cell: of every row near a header it is asked."""
    return isinstance(header, str) and "生" in header and len(header) <= HEADER_LENGTH


def is_header(matched: Mapping[str, object]) -> bool:
    return len(matched) >= ENOUGH_HEADERS


def missing_titles(matched: Mapping[str, object], *, required: bool) -> list[str]:
    """Titles of the columns that are not there, either the required or the other ones."""
    return [column.title for column in FACT_COLUMNS if column.required is required and column.field not in matched]

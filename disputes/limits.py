"""What no dispute may hold, whoever writes it: impossible days, amounts, stories. Raises Refused at the field."""

from datetime import date
from decimal import Decimal

from core.clock_face import cn_full_date
from core.errors import Refused

EARLIEST = date(1949, 10, 1)
STORY_LENGTH = 20_000
# 100 亿: more than any dispute that mediators of a town see, less than a mobile number typed into the field
AMOUNT_MAX = Decimal(10_000_000_000)
AMOUNT_TOO_LARGE = "最多 100 亿元，请核对单位是不是「元」、是不是填成了电话。"
PARTIES_MAX = 30


def check_day(day: date, *, today: date, field: str = "on", after: date | None = None) -> None:
    """A day on which something happened: not to come, not before 1949, not before `after`."""
    if day > today:
        raise Refused(f"不能晚于今天（{cn_full_date(today)}）。", field=field)
    if day < EARLIEST:
        raise Refused("不能早于1949年10月1日，请核对年份。", field=field)
    if after and day < after:
        raise Refused(f"不能早于{cn_full_date(after)}，那一天才办到上一步。", field=field)


def check_story(story: str, *, field: str = "narrative") -> None:
    if not story.strip():
        raise Refused("请写下事情经过。", hint="照当事人的话记：谁、什么时候、什么事、想怎样。", field=field)
    if len(story) > STORY_LENGTH:
        raise Refused(
            f"经过有 {len(story):,} 字，最多 {STORY_LENGTH:,} 字。",
            hint="请留下要紧的，其余作为材料上传。",
            field=field,
        )


def check_amount(amount: Decimal | None, *, field: str = "amount") -> None:
    if amount is None:
        return
    if amount < 0:
        raise Refused("标的额不能是负数。", field=field)
    if amount > AMOUNT_MAX:
        raise Refused(f"标的额太大：{AMOUNT_TOO_LARGE}", field=field)

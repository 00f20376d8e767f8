"""Articles of 民事诉讼法 on judicial confirmation; the text of 2023 (in force from 2024-01-01) moved their numbers."""

from datetime import date

CODE_2023_FROM = date(2024, 1, 1)
APPLY, RESULT = "apply", "result"
NUMBERS = {APPLY: (201, 205), RESULT: (202, 206)}  # (text of 2021, text of 2023), word for word the same
WRITTEN = {201: "第二百零一条", 202: "第二百零二条", 205: "第二百零五条", 206: "第二百零六条"}


def number(key: str, on: date) -> int:
    """The number the article has on `on`."""
    return NUMBERS[key][on >= CODE_2023_FROM]


def short(key: str, on: date, part: str = "") -> str:
    """As it stands beside a rule: 民诉法 201(二)."""
    return f"民诉法 {number(key, on)}{part}"


def written(key: str, on: date) -> str:
    """As it stands in a ruling: 第二百零二条."""
    return WRITTEN[number(key, on)]

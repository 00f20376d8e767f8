"""Case numbers of confirmation requests: free text, proposed after a pattern of the court. Pure.

Which code a court uses for confirmations differs and has changed (诉前调确, 诉前调书, 民特), so the
pattern is a setting with {year} and {serial}, and any other number may be typed over the proposal.
"""

import re

_PARTS = {"{year}": r"(?P<year>\d{4})", "{serial}": r"(?P<serial>\d{1,9})"}
_BRACKETS = str.maketrans({"(": "（", ")": "）", "〔": "（", "〕": "）"})


def proposed(pattern: str, *, year: int, serial: int) -> str:
    """The number of the pattern: （2023）粤5381诉前调确126号."""
    return pattern.format(year=year, serial=serial)


def normalised(number: str) -> str:
    """The one spelling of a typed number: no white space, full-width round brackets."""
    return re.sub(r"\s+", "", number).translate(_BRACKETS)


def serial_in(pattern: str, number: str) -> tuple[int, int] | None:
    """(year, serial) of a number that follows the pattern; None for any other number."""
    expression = re.escape(normalised(pattern))
    for name, group in _PARTS.items():
        expression = expression.replace(re.escape(name), group)
    found = re.fullmatch(expression, normalised(number))
    return (int(found["year"]), int(found["serial"])) if found else None


def is_pattern(text: str) -> bool:
    """Whether a setting names both the year and the serial, once each."""
    return all(text.count(name) == 1 for name in _PARTS)

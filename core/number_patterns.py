"""How identity and telephone numbers are written in running text, and how their masks look there."""

import re
from collections.abc import Iterator

# As telephones and papers write them too: 138 0013 8000, 138 - 0013 - 8000, in full-width digits (\d is any of both).
_DASH = r"\-\u2010-\u2015\u2212\uff0d"
_BLANK = r" \u00a0\u2002-\u200a\u202f\u3000"
_APART = rf"(?:[{_BLANK}]|[{_BLANK}]?[{_DASH}][{_BLANK}]?)"
_GAP = rf"{_APART}?"
ID_IN_TEXT = re.compile(rf"(?<![\dA-Za-z])(\d{{6}}){_GAP}(\d{{8}}){_GAP}(\d{{3}}[\dXx\uff38\uff58])(?![\dA-Za-z])")
DASHED = re.compile(f"[{_DASH}]")
# 150 2000 3000元 are three sums, 150 - 2000 - 3000元 too
_SUM_GAP = rf"[{_BLANK}](?:[{_DASH}][{_BLANK}])?"
_SUMS = rf"\d{{3}}{_SUM_GAP}\d{{4}}{_SUM_GAP}\d{{4}}[{_BLANK}]?[元块]"
_COUNTRY = r"(?:(?<!\d)|(?<=(?<!\d)86)|(?<=(?<!\d)0086))"  # +8613800138000
_MOBILE = (
    rf"[1\uff11][3-9\uff13-\uff19]\d(?:{_GAP}\d{{4}}{_GAP}|[.\uff0e]\d{{4}}[.\uff0e])\d{{4}}(?![\dXx\uff38\uff58])"
)
_AREA = r"[0\uff10](?:[1\uff11][0\uff10]|[2\uff12]\d|[3-9\uff13-\uff19]\d\d)"
_LOCAL = rf"(?!20\d\d[{_BLANK}]?[{_DASH}])[2-9\uff12-\uff19]\d{{2,3}}{_GAP}\d{{4}}(?!\d|{_GAP}[元块万亿])"
# 0766/3822222, but not the papers 0766/20230012, 0766/3822222/01, 0766/3822222号
_DAY = r"20\d\d[01]\d[0-3]\d(?!\d)"
_STROKE = rf"[{_BLANK}]?[/\uff0f][{_BLANK}]?"
_STROKED = rf"{_STROKE}(?!20\d{{6}}(?!\d)|\d{{7,8}}(?:号(?!码)|[/\uff0f]\d{{1,6}}(?!\d)))"
_LANDLINE = (
    rf"(?<![\d第])(?:(?<![/\uff0f])|(?!{_AREA}{_STROKE}))(?:(?P<area>{_AREA})|[(\uff08](?P<framed>{_AREA})[)\uff09])"
    rf"(?:{_STROKED}|{_GAP})(?P<local>{_LOCAL})"
)
# without an area code only where it is called so: what goes before must be of one length for each set of words
_CALLED = [
    f"{word}{more}{then}"
    for word in ("电话", "座机", "固话", "致电", "拨打", "联系方式")
    for more in ("", "号", "号码")
    for then in ("", " ", "是", "是 ", "为", ":", ": ", "\uff1a", "\uff1a ", "是:", "是\uff1a")
]
_AFTER_CALLED = "|".join(
    f"(?<={'|'.join(one for one in _CALLED if len(one) == length)})" for length in sorted(set(map(len, _CALLED)))
)
# The local part of a masked landline by the stars of its mask, which hide also the area code and its dash.
_LENGTHS_BEHIND = {5: (7,), 6: (8,), 9: (7,), 10: (7, 8), 11: (8,)}
PHONE_IN_TEXT = re.compile(
    rf"(?=[\d(\uff08*])(?:{_COUNTRY}(?!{_SUMS})(?P<mobile>{_MOBILE})|{_LANDLINE}"
    rf"|(?=[2-9\uff12-\uff19])(?:{_AFTER_CALLED})(?P<bare>{_LOCAL})"
    r"|(?<![\d*])(?P<stars>\*{5,6}|\*{9,11})\d\d(?!\d))"
)
# The next landline of a row, 0766-3822222、3822333, also with words between, 0766-3822222（办）、3822333（宅）. Behind
# a comma or a blank, in the next line or cell, only where nothing is said of it.
_FRAMED = rf"[{_BLANK}]?[(\uff08][^\d()\uff08\uff09\n]{{1,8}}[)\uff09]"
_EXTENSION = rf"[{_BLANK}]?转[{_BLANK}]?\d{{1,6}}"
_SPACE = rf"[{_BLANK}\t\r\n]"
_BETWEEN = rf"{_SPACE}{{0,2}}(?:[、/\uff0f;\uff1b,\uff0c|]|或者?|和|及|与){_SPACE}{{0,2}}|{_SPACE}{{1,2}}"
BETWEEN_PHONES = re.compile(
    rf"(?:{_EXTENSION})?[)\uff09]?(?:{_FRAMED})?(?:{_EXTENSION})?(?:{_BETWEEN})|(?:{_EXTENSION})?{_FRAMED}"
)
# 3500000余元, 2023001号; no name and no act behind a number: 3822333张三, 3822333余先生, 3822333号打不通
_UNIT = "[元万块个斤亩户份]"
_COUNTED = (
    rf"[{_BLANK}]?(?:[斤公千吨亩米平个件只头棵株箱份年月日]|[包方](?![\u4e00-\u9fff])|本(?!人)|户(?!主)"
    rf"|号(?=[调判裁决文案合协令]|[^\w]|\Z)|[多余来几](?:{_UNIT}|[没未])|左右)"
    r"|[.\uff0e]\d"
)
NEXT_PHONE = re.compile(
    rf"(?:(?<![{_BLANK},\uff0c|\t\n])|(?={_LOCAL}(?!\w)))(?P<local>(?!{_DAY}){_LOCAL}(?!{_COUNTED}))"
)
MASK_IN_TEXT = re.compile(r"(\d{6}\*{8}\d{3}[0-9Xx]|1[3-9]\d\*{4}\d{4}|(?<![\d*])\*{4,}\d{2}(?!\d))")


def phones_in(text: str) -> Iterator[re.Match[str]]:
    """The telephone numbers of a text in their order; behind a landline, masked or not, those that follow in a row."""
    at = 0
    while found := PHONE_IN_TEXT.search(text, at):
        following: re.Match[str] | None = found
        while following:
            if following.re is NEXT_PHONE or not following["stars"]:
                yield following
            at, following = following.end(), _next_in_row(following)


def _next_in_row(found: re.Match[str]) -> re.Match[str] | None:
    """The landline right behind a landline, without area code and as long as the first: 0766-3822222、3822333."""
    lengths = _lengths_of_local(found.groupdict())
    between = BETWEEN_PHONES.match(found.string, found.end()) if lengths else None
    following = NEXT_PHONE.match(found.string, between.end()) if between else None
    return following if following and _digits(following["local"]) in lengths else None


def _lengths_of_local(said: dict[str, str | None]) -> tuple[int, ...]:
    """How many digits a landline has behind its area code; behind some masks it may be either; none of a mobile."""
    if stars := said.get("stars"):
        return _LENGTHS_BEHIND[len(stars)]
    local = said.get("local") or said.get("bare")
    return (_digits(local),) if local else ()


def _digits(text: str) -> int:
    return len(re.sub(r"\D", "", text))

"""How identity and telephone numbers are written in running text, and how their masks look there."""

import re

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
PHONE_IN_TEXT = re.compile(
    rf"(?=[\d(\uff08])(?:{_COUNTRY}(?!{_SUMS})(?P<mobile>{_MOBILE})|{_LANDLINE}"
    rf"|(?=[2-9\uff12-\uff19])(?:{_AFTER_CALLED})(?P<bare>{_LOCAL}))"
)
# The next landline of a row, 0766-3822222、3822333: behind a comma or a blank only where nothing is said of it.
BETWEEN_PHONES = re.compile(rf"[{_BLANK}]?(?:[、/\uff0f;\uff1b,\uff0c]|或者?|和|及|与)[{_BLANK}]?|[{_BLANK}]")
_COUNTED = rf"[{_BLANK}]?[斤公千吨亩米平方个件只头棵株包箱本年月日]|[.\uff0e]\d"
NEXT_PHONE = re.compile(rf"(?:(?<![{_BLANK},\uff0c])|(?={_LOCAL}(?!\w)))(?P<local>(?!{_DAY}){_LOCAL}(?!{_COUNTED}))")
MASK_IN_TEXT = re.compile(r"\d{6}\*{8}\d{3}[0-9Xx]|1[3-9]\d\*{4}\d{4}|(?<![\d*])\*{4,}\d{2}(?!\d)")

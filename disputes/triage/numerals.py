"""Numbers as townspeople write and say them: 三十几个人, 两万三, 八百蚊, 1.5万."""

import re
from decimal import Decimal

from disputes.amounts import SHORT_TENS, read_amount

DIGITS = {
    **dict(zip("零一二三四五六七八九", range(10), strict=True)),
    **dict(zip("〇壹贰叁肆伍陆柒捌玖", range(10), strict=True)),
    "两": 2,
    "俩": 2,
    "几": 3,
    "数": 3,
}
MYRIAD = 10_000
UNITS = {"十": 10, "拾": 10, "百": 100, "佰": 100, "千": 1000, "仟": 1000, "万": 10_000, "亿": 100_000_000}
NUMBER = (
    r"(?:\d[\d,]*(?:\.\d+)?[百千万亿]*|[零〇一二两俩三四五六七八九十百千万亿壹贰叁肆伍陆柒捌玖拾佰仟几数上好廿卅]+)"
)
MORE = r"(?:多|余|来|几|把)?"
NUMBERS = re.compile(NUMBER)
MONEY = re.compile(
    rf"({NUMBER}){MORE}\s*(?:块钱|块|元|蚊|圆|人民币|港币)|((?:\d+(?:\.\d+)?|[一二两三四五六七八九十百千几廿卅]+){MORE}万[一二两三四五六七八九几千百\d]*)"
)
# a name that ends in a digit: 阿五, 老五, and after whom it is lent to or owed to 李四; but 欠款五十万 names nobody
SURNAMES = (
    "王李张刘陈杨黄赵吴周徐孙马朱胡郭何高林罗郑梁谢宋唐许韩冯邓曹彭曾肖田董袁潘于蒋蔡余杜叶程苏魏吕丁任沈姚卢"
    "姜崔钟谭陆汪范廖石韦贾夏邹孟熊秦邱江尹薛闫段雷侯龙史陶黎贺顾毛郝龚邵覃武莫孔严欧庄植蓝区温赖翁戴"
)
NAMED = re.compile(
    rf"(?:阿|(?<![养敬])老|(?<![东南西北中欧利尼])亚|[给向跟同找欠问和与][{SURNAMES}])[一二三四五六七八九]\Z"
)
# 说好三万, 加上三万, 总数三万 name a sum; 上万, 数十万 and 好几万 do not
BEFORE_SUM = re.compile(r"^(?:好|[上数](?![十百千万亿拾佰仟]))+")
UNSURE_BEFORE = "几数上"
# 五万多 and 五万来 are about so much; in 借五万多次催讨, 还五万余下的 and 拿五万来装修 another word begins
UNSURE_AFTER = re.compile(r"多(?![次年月天个番人方])|余(?![下款额欠])|几|[来把](?=$|[\s，。；、！？,;!?])")
UNSURE_AFTER_UNIT = re.compile(r"多(?=$|[\s，。；、！？,;!?点])")
CENTS_AFTER = re.compile(r"(?:[〇零]?[一二三四五六七八九\d]+[角毛分])")  # 三块五毛 is told in two pieces
RANGE_BEFORE = re.compile(r"[一二两三四五六七八九十百千万\d][-—–~～至到]\Z")  # noqa: RUF001 - 三至五万, 3-5万
YUAN = ("块钱", "块", "元", "圆", "蚊", "人民币")
SPOKEN_YUAN = re.compile(r"(?:蚊|人民币)$")
FIGURES = re.compile(r"\d[\d,]*(?:\.\d+)?[百千万亿]*")
GATHERED = "堵|围|聚|在|冲|拿|站|坐|一起|去|来|大闹|把|准备"
BETWEEN = r"[\u4e00-\u9fff]{0,5}?"
PEOPLE = (
    r"(?:人|工|工友|村民|业主|烂仔|后生|后生仔|青年|兄弟|亲戚|亲友|混混|马仔|打手|家属|员工|壮汉|汉子|商户"
    r"|家长|学生|群众|老乡|男的|男子|司机|住户|族人|居民|代表|妇女)"
)
CROWD = re.compile(
    rf"({NUMBER}){MORE}(?:(?:个|名|号|位|条|口|户){BETWEEN}{PEOPLE}|{PEOPLE}|(?:个|名|号|位)(?={GATHERED})|(?<=[多来几余])号(?=[，。；！、]|$))"
)
WHOLE = re.compile(
    r"(?:全村|全族|全组|整条村|整个村|整族|全队|两村|两族|两姓|成条村|全厂|全体)(?:的|)(?:人|村民|老少|族人|工人|业主)"
    r"|(?<=集合|召集|发动|叫齐|喊齐)(?:全村|全族|全组|整条村|整个村|整族|成条村)"
)
WHOLE_SIZE = 50
LONGEST = 14  # characters of a number that means something in a dispute


def numbers(text: str) -> list[tuple[int, int]]:
    """Where numbers stand."""
    return [found.span() for found in NUMBERS.finditer(text)]


def moneys(text: str) -> list[tuple[int, int, int]]:
    """Where sums of money stand, and how many yuan (rounded down) each is."""
    sums = []
    for found in MONEY.finditer(text):
        written = found[1] or found[2]
        # 借给李四三万 is 三万, 阿五十五万 is 十五万; 欠我三五万 is said of a sum, and so is 阿五百块
        begins = written[1:2] == "十" or written[1:2] not in ("", *UNITS)
        named = 1 if begins and NAMED.search(text, max(0, found.start() - 2), found.start() + 1) else 0
        value = number(written[named:])
        if value is not None:
            sums.append((found.start() + named, found.end(), int(value)))
    return sums


def sure_sums(text: str) -> list[Decimal]:
    """The sums that are said for certain: not 二十几万, 三四万, 五万多, 数十万, of which no one figure was said."""
    return [sum_ for start, end, value in moneys(text) if (sum_ := _sure(text, start, end, value)) is not None]


def _sure(text: str, start: int, end: int, value: int) -> Decimal | None:
    told = text[start:end]
    if CENTS_AFTER.match(text, end) or RANGE_BEFORE.search(text, max(0, start - 2), start):
        return None
    if (told[0] in UNITS and text[start - 1 : start] in tuple(UNSURE_BEFORE)) or (
        UNSURE_AFTER_UNIT if told.endswith(YUAN) else UNSURE_AFTER
    ).match(text, end):
        return None
    told = SPOKEN_YUAN.sub("", BEFORE_SUM.sub("", told))
    exact = read_amount(told)
    return Decimal(value) if exact is None and FIGURES.fullmatch(told.removesuffix("元")) else exact


def crowds(text: str) -> list[tuple[int, int, int]]:
    """Where numbers of people stand, and how many at least (三十几个工人 is 30, 全村人 is 50)."""
    found = [(match.start(), match.end(), _people(match)) for match in CROWD.finditer(text)]
    return found + [(match.start(), match.end(), WHOLE_SIZE) for match in WHOLE.finditer(text)]


def _people(match: re.Match[str]) -> int:
    return int(number(match[1]) or 0)


def number(text: str) -> float | None:
    """The value of a number in digits, characters or both; `None` for what is no number."""
    text = text.replace(",", "").rstrip("多余来把").translate(SHORT_TENS)
    if len(text) > LONGEST:
        return None
    digits = re.match(r"\d+(?:\.\d+)?", text)
    if digits:
        if text[digits.end() :].strip("".join(UNITS)) and (sum_ := read_amount(text)) is not None:
            return float(sum_)  # 2万3, 3万5千
        value = float(digits[0])
        for unit in text[digits.end() :]:
            value *= UNITS.get(unit, 1)
        return value
    return _spoken(text.lstrip("好"))


def _spoken(text: str) -> float | None:
    """两万三 is 23,000: a last digit after a unit counts in the next lower unit."""
    total, section, digit, last_unit = 0, 0, None, 1
    for character in text:
        if character in UNITS:
            unit = UNITS[character]
            if unit >= MYRIAD:
                total, section = (total + section + (digit or 0)) * unit or unit, 0
            else:
                section += (1 if digit is None else digit) * unit
            digit, last_unit = None, unit
        elif character in DIGITS:
            digit = _next_digit(digit, DIGITS[character])
            if character in "零〇":
                last_unit = 1
        elif character != "上":
            return None
    return float(total + section + (digit or 0) * max(last_unit // 10, 1)) if text else None


def _next_digit(before: int | None, digit: int) -> int:
    """Two digits side by side are a range (二三十): the lower one counts."""
    return digit if before in (None, 0) else before

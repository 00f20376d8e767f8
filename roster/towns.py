"""Which town a text speaks of: full town names first, else a village name that the county has only once."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import NamedTuple

TOWN_SUFFIX = re.compile(r"(?:街道办事处|街道|镇|乡)\Z")
VILLAGE, COMMUNITY = "村民委员会", "居民委员会"
BLANKS = re.compile(r"\s+")
AROUND_A_NAME = re.compile(r"\A[\W\d_附件表]+|[\W\d_表名单]+\Z")
# What a judge is responsible for stands behind one of these, up to the end of the clause; what they once were does not.
RESPONSIBLE = re.compile(
    r"(?<![原曾前不未])(?<!不再)(?<!不再\s)(?:负责|主管|分管|协管|联系(?!电话|人|方式|地址)|挂点|挂钩|挂联|对接|包点|包联|驻点|驻"
    r"|服务|管辖|辖区|片区|兼)([^；;。\n]*)"
)
ALL_BUT = re.compile(r"以外|之外|除外|除[^，,；;。]*外|不含|不包括")  # which towns are meant then, nobody says
LIKE_A_TOWN = re.compile(
    r"[\u4e00-\u9fff]{1,8}(?:镇|街道|乡)|全[市县]|(?:全部|各|所有|其他|其余)[\u4e00-\u9fff]{0,4}[镇街]"
)
NO_TOWN = re.compile(r"(?:本|该|我|乡|镇街|村|两|几|城)")
LISTED = re.compile(r"[、，,/和及与\s：:（()）]+")
PART = re.compile(r"[、，,/和及与\s：:（()）；;。]+")
# What may stand beside towns in a note and says nothing of them (太平镇、党员): a party, a grade, a day of arrival.
# Anything else may say that they are not served (籍贯, 回避, 2019年调离), so this list is short on purpose.
BESIDE_TOWNS = re.compile(
    r"(?:中共)?(?:正式|预备)?党员|(?:共青)?团员|群众|无党派(?:人士)?|在编|在岗|在职|员额|入额"
    r"|(?:[一二三四五]级|高级)?(?:员额|入额)?(?:法官助理|法官|审判员)"
    r"|(?:19|20)\d{2}(?:年(?:\d{1,2}月(?:\d{1,2}日)?)?|(?:[.\-]\d{1,2}){0,2})起?(?:到任|到岗|上任|就任|入额)"
)
# 「太平、罗镜两镇」, 「太平、罗镜片区」: in a list of towns their bare names will do.
AFTER_A_LIST = re.compile(
    r"(?:等)?(?:[两二三四五六七八九十\d]+个?)?(?:镇街|乡镇|街道|镇|街)*(?:片区|片)?(?:的?(?:工作|案件|业务|联络点?))?\Z"
)


# In a cell made for towns: where it says of some that they are not meant, how many there are, what stands around them.
ITEM, AND = re.compile(r"[、，,/：:（()）；;。]+"), re.compile(r"[和及与]")
NOT_THESE, BUT_THESE = re.compile(r"[不非除]|未(?!村|社区)|\A[原曾前]"), re.compile(r"(?:除|以|之)外|外\Z")
STROKES = re.compile(r"[无\\—–\-~….．]+|没有|暂无")  # noqa: RUF001 (a full-width stop)
SO_MANY = re.compile(r"等?([两二三四五六七八九十]|\d+)个?(?:镇|街|乡)|等")
COUNTS = {"两": 2} | {word: number for number, word in enumerate("二三四五六七八九十", start=2)}
ABOVE_A_TOWN = re.compile(r"\A(?:[\u4e00-\u9fff]{1,6}?[省市县区])+")
OFFICE = re.compile(r"(?:人民政府|政府|党委|党工委|办事处|司法所|综治中心|(?:法官)?(?:联络点|工作室|工作站))\Z")
AROUND_TOWNS = re.compile(
    rf"{ABOVE_A_TOWN.pattern}|[\d.]+|中共|所属|负责|分管|联系|驻|兼"
    r"|镇?[^镇乡]*(?:政府|党委|党工委|委员会|办|办公室|办事处|中心|所|站|室|点|法庭|村|社区|居委|村委会|居委会)"
)


class Written(NamedTuple):
    """What a cell made for towns says: the towns, and what of it is no town that is known."""

    towns: tuple[str, ...]
    unread: tuple[str, ...] = ()


def _spoken_forms(official: str) -> tuple[str, ...]:
    """How people write a village: 石牌村 for 石牌村民委员会, 分界社区 or 分界居委会 for 分界社区居民委员会."""
    if official.endswith(VILLAGE):
        stem = official.removesuffix(VILLAGE)
        return (f"{stem}村",)
    stem = official.removesuffix(COMMUNITY).removesuffix("社区")
    return (f"{stem}社区", f"{stem}居委", f"{stem}居民委") if stem else ()


@dataclass(frozen=True)
class Gazetteer:
    """The names of a county's towns and villages. `towns`: code → name; `villages`: 12-digit code → official name."""

    towns: Mapping[str, str]
    villages: Mapping[str, str]
    _town_pattern: re.Pattern[str] = field(init=False, repr=False)
    _codes_by_name: dict[str, str] = field(init=False, repr=False)
    _village_pattern: re.Pattern[str] = field(init=False, repr=False)
    _towns_by_form: dict[str, set[str]] = field(init=False, repr=False)
    _codes_by_bare_name: dict[str, str] = field(init=False, repr=False)
    _meant: dict[str, tuple[str, ...]] = field(init=False, repr=False, compare=False)
    _written: dict[str, Written] = field(init=False, repr=False, compare=False)
    _names_apart: re.Pattern[str] = field(init=False, repr=False)

    def __post_init__(self) -> None:
        codes = {name: code for code, name in self.towns.items()}
        forms: dict[str, set[str]] = {}
        for code, name in self.villages.items():
            for form in _spoken_forms(name):
                forms.setdefault(form, set()).add(code[:9])
        object.__setattr__(self, "_codes_by_name", codes)
        object.__setattr__(self, "_codes_by_bare_name", {TOWN_SUFFIX.sub("", name): codes[name] for name in codes})
        object.__setattr__(self, "_meant", {})
        object.__setattr__(self, "_written", {})
        object.__setattr__(self, "_towns_by_form", forms)
        object.__setattr__(self, "_town_pattern", _any_of(codes))
        object.__setattr__(self, "_names_apart", re.compile(f"({self._town_pattern.pattern})"))
        object.__setattr__(self, "_village_pattern", _any_of(forms))

    def named_towns(self, text: str) -> list[str]:
        """Codes of the towns whose full name stands in the text, in the text's order, each once."""
        return list(dict.fromkeys(self._codes_by_name[word] for word in self._town_pattern.findall(text)))

    def towns_meant(self, text: str) -> tuple[str, ...]:
        """The towns a post can mean: one is decided, several leave the choice to a person, none says nothing.

        A full town name beats any village; a village that the county has once beats one that it has twice.
        """
        found = self._meant.get(text)
        if found is None:  # posts repeat by the thousand, and looking for seven hundred villages is slow
            found = self._meant[text] = tuple(self.named_towns(text)) or self._towns_of_villages(text)
        return found

    def _towns_of_villages(self, text: str) -> tuple[str, ...]:
        found = [self._towns_by_form[word] for word in self._village_pattern.findall(text)]
        unique = {code for codes in found if len(codes) == 1 for code in codes}
        return tuple(sorted(unique or {code for codes in found for code in codes}))

    def town_of_sheet(self, name: str) -> str | None:
        """The town a sheet is named after: 分界镇, 3.分界镇名单, or just 分界."""
        named = self.named_towns(BLANKS.sub("", name))
        if len(named) == 1:
            return named[0]
        return None if named else self._codes_by_bare_name.get(AROUND_A_NAME.sub("", name))

    def town_of_line(self, text: str) -> str | None:
        """The one town that a title or a signature line names in full; its letters may be spaced out."""
        named = self.named_towns(BLANKS.sub("", text))
        return named[0] if len(named) == 1 else None

    def responsible_towns(self, text: str) -> list[str]:
        """The towns a judge serves, after words such as 「负责太平镇、罗镜镇」, in the text's order."""
        return list(dict.fromkeys(code for part in self._listed(text) for code in self._listed_towns(part)))

    def towns_written(self, cell: str) -> Written:
        """What a cell made for towns names: in full, by bare names, or by a village that the county has once."""
        found = self._written.get(cell)
        if found is None:  # few differ in a list of thousands
            found = self._written[cell] = self._read_cell(cell)
        return found

    def _read_cell(self, cell: str) -> Written:
        """Part by part. From where it says that some are not meant, nobody knows how far that goes."""
        items = [item for item in map(str.strip, ITEM.split(cell)) if item and not STROKES.fullmatch(item)]
        parts = [part for item in items for part in self._unspaced(item)]
        end = next((at for at, part in enumerate(parts) if NOT_THESE.search(self._names_apart.split(part)[0])), None)
        end = 0 if any(map(BUT_THESE.search, parts)) else len(parts) if end is None else end
        named: dict[str, None] = {}
        unread: list[str] = []
        for part in parts[:end]:
            codes, others = self._read_part(part)
            named.update(dict.fromkeys(codes))
            unread += others
        meant = () if named or end < len(parts) or self.named_towns(cell) else self._towns_of_villages(cell)
        if len(meant) == 1:
            unread = [*filter(LIKE_A_TOWN.fullmatch, unread)]
        towns = tuple(named) or (meant if len(meant) == 1 else ())
        unread += parts[end:]
        if (said := SO_MANY.search(self._town_pattern.sub("、", cell))) and _count(said) != len(towns):
            unread.append(said.group())
        return Written(towns, tuple(unread) if towns or unread or not parts else (cell,))

    def _unspaced(self, item: str) -> list[str]:
        """The words of an item that is a list, 太平 罗镜镇; else it is one name whose letters are spaced out."""
        words = item.split()
        return words if any(self._read_part(word)[0] for word in words) else ["".join(words)]

    def _read_part(self, part: str) -> tuple[list[str], list[str]]:
        """The towns, and what is none and does not belong to them as 市 and 政府 do; 调离太平镇 is none at all."""
        codes: list[str] = []
        others: list[str] = []
        for text in self._names_apart.split(part):
            is_known = text in self._codes_by_name or AROUND_TOWNS.fullmatch(text)
            for word in [text] if is_known else AND.split(text):
                if code := self._codes_by_name.get(word) or self._bare_town(word):
                    codes.append(code)
                elif AFTER_A_LIST.sub("", word) and not AROUND_TOWNS.fullmatch(word):
                    others.append(word)
        return (codes, others) if not others or not part.startswith(others[0]) else ([], [part])

    def _bare_town(self, text: str) -> str | None:
        names = self._codes_by_bare_name
        stems = (AFTER_A_LIST.sub("", OFFICE.sub("", one)) for one in (text, ABOVE_A_TOWN.sub("", text)))
        return next((names[stem] for stem in stems if stem in names), None)

    def noted_towns(self, note: str) -> list[str]:
        """The towns a note says somebody serves: with such words, or in a list of them (太平镇、党员)."""
        return list(dict.fromkeys(code for part in self._noted(note) for code in self._listed_towns(part)))

    def towns_passed_over(self, note: str) -> list[str]:
        """Towns that stand in a note by themselves and are not said to be served: 负责太平镇；罗镜镇."""
        served = self.noted_towns(note)
        alone = [self._listed_towns(part) for part in _parts(note) if self._is_town(part)]
        return list(dict.fromkeys(code for codes in alone for code in codes if code not in served))

    def unknown_towns(self, note: str) -> list[str]:
        """What stands in such a list like a town's name and is none of the county's: 罗境镇, 所有镇街."""
        named = [part for part in self._noted(note) if LIKE_A_TOWN.fullmatch(part) and not NO_TOWN.match(part)]
        all_but = [clause for clause in RESPONSIBLE.findall(note) if ALL_BUT.search(clause)]
        return [part for part in named if not self._listed_towns(part)] + all_but

    def bare_list(self, text: str) -> list[str]:
        """The parts of a text that is nothing but a list of towns, 太平镇、罗镜镇; a mistyped one may be among them."""
        parts = [*filter(None, LISTED.split(text))]
        known = [part for part in parts if self._is_town(part)]
        return parts if known and all(part in known or self._may_be_mistyped(part) for part in parts) else []

    def listed_in_note(self, note: str) -> list[str]:
        """The parts of a note that is a list of towns; what says nothing else of them, as 党员 does, may be among them.

        One of them must be written in full then: who knows what a bare 太平 beside other words is.
        """
        if parts := self.bare_list(note):
            return parts
        parts = [] if RESPONSIBLE.search(note) else _parts(note)
        others = [part for part in parts if part not in self._codes_by_name]
        is_list = len(others) < len(parts) and all(map(self._may_stand_beside, others))
        return parts if is_list else []

    def _may_stand_beside(self, part: str) -> bool:
        return bool(BESIDE_TOWNS.fullmatch(part)) or self._is_town(part) or self._may_be_mistyped(part)

    def _noted(self, note: str) -> list[str]:
        return self.listed_in_note(note) or self._listed(note)

    def _listed(self, text: str) -> list[str]:
        return self.bare_list(text) or [
            part
            for clause in RESPONSIBLE.findall(text)
            if not ALL_BUT.search(clause)
            for part in LISTED.split(clause)
            if part
        ]

    def _is_town(self, part: str) -> bool:
        return part in self._codes_by_name or AFTER_A_LIST.sub("", part) in self._codes_by_bare_name

    def _may_be_mistyped(self, part: str) -> bool:
        """Like a town and as short as the county's own: neither 家住高村镇 nor 兼高镇, and not 原太平镇."""
        if not LIKE_A_TOWN.fullmatch(part) or RESPONSIBLE.search(part) or self.named_towns(part):
            return False
        stem = TOWN_SUFFIX.sub("", part)
        longest = max((len(name) for name in self._codes_by_bare_name if name not in self._codes_by_name), default=0)
        return stem == part or len(stem) <= longest  # 其他镇街 has no such stem

    def _listed_towns(self, part: str) -> list[str]:
        bare = self._codes_by_bare_name.get(AFTER_A_LIST.sub("", part))
        return self.named_towns(part) or ([bare] if bare else [])

    def name(self, code: str) -> str:
        return self.towns.get(code, code)

    def names(self, codes: Iterable[str]) -> str:
        return "、".join(self.name(code) for code in codes)


def _parts(note: str) -> list[str]:
    return [*filter(None, PART.split(note))]


def _count(said: re.Match[str]) -> int:
    """How many towns there are said to be: 两镇; 0 of a mere 等."""
    number = said.group(1)
    return COUNTS.get(number) or int(number) if number else 0


def _any_of(words: Mapping[str, object]) -> re.Pattern[str]:
    """Matches the longest of the words at a place; never anything when there are none."""
    return re.compile("|".join(re.escape(word) for word in sorted(words, key=len, reverse=True)) or r"(?!)")

"""Which town a text speaks of: full town names first, else a village name that the county has only once."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

TOWN_SUFFIX = re.compile(r"(?:街道办事处|街道|镇|乡)\Z")
VILLAGE, COMMUNITY = "村民委员会", "居民委员会"
BLANKS = re.compile(r"\s+")
AROUND_A_NAME = re.compile(r"\A[\W\d_附件表]+|[\W\d_表名单]+\Z")
# What a judge is responsible for stands behind one of these, up to the end of the clause; what they once were does not.
RESPONSIBLE = re.compile(
    r"(?<![原曾前])(?<!不再)(?:负责|主管|分管|协管|联系(?!电话|人|方式|地址)|挂点|挂钩|挂联|对接|包点|包联|驻点|驻"
    r"|服务|管辖|辖区|片区|兼)([^；;。\n]*)"
)
LIKE_A_TOWN = re.compile(
    r"[\u4e00-\u9fff]{1,8}(?:镇|街道|乡)|全[市县]|(?:全部|各|所有|其他|其余)[\u4e00-\u9fff]{0,4}[镇街]"
)
NO_TOWN = re.compile(r"(?:本|该|我|乡|镇街|村|两|几|城)")
LISTED = re.compile(r"[、，,/和及与\s：:（()）]+")
PART = re.compile(r"[、，,/和及与\s：:（()）；;。]+")
# 「太平、罗镜两镇」, 「太平、罗镜片区」: in a list of towns their bare names will do.
AFTER_A_LIST = re.compile(
    r"(?:等)?(?:[两二三四五六七八九十\d]+个?)?(?:镇街|乡镇|街道|镇|街)*(?:片区|片)?(?:的?(?:工作|案件|业务|联络点?))?\Z"
)


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

    def __post_init__(self) -> None:
        codes = {name: code for code, name in self.towns.items()}
        forms: dict[str, set[str]] = {}
        for code, name in self.villages.items():
            for form in _spoken_forms(name):
                forms.setdefault(form, set()).add(code[:9])
        object.__setattr__(self, "_codes_by_name", codes)
        object.__setattr__(self, "_codes_by_bare_name", {TOWN_SUFFIX.sub("", name): codes[name] for name in codes})
        object.__setattr__(self, "_meant", {})
        object.__setattr__(self, "_towns_by_form", forms)
        object.__setattr__(self, "_town_pattern", _any_of(codes))
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

    def towns_written(self, cell: str) -> tuple[str, ...]:
        """The towns a cell made for them names: in full, by bare names, or by a village that the county has once."""
        together = BLANKS.sub("", cell)
        named = self.named_towns(together) or self._listed_towns(together)
        named = named or [code for part in _parts(cell) for code in self._listed_towns(part)]
        meant = self.towns_meant(cell) if not named else ()
        return tuple(dict.fromkeys(named)) or (meant if len(meant) == 1 else ())

    def noted_towns(self, note: str) -> list[str]:
        """The towns a note says somebody serves: with such words, or in full beside what is no town (太平镇、党员)."""
        return list(dict.fromkeys(code for part in self._noted(note) for code in self._listed_towns(part)))

    def towns_passed_over(self, note: str) -> list[str]:
        """Towns that stand in a note by themselves and are not said to be served: 负责太平镇；罗镜镇."""
        served = self.noted_towns(note)
        alone = [self._listed_towns(part) for part in _parts(note) if self._is_town(part)]
        return list(dict.fromkeys(code for codes in alone for code in codes if code not in served))

    def unknown_towns(self, note: str) -> list[str]:
        """What stands in such a list like a town's name and is none of the county's: 罗境镇, 所有镇街."""
        named = [part for part in self._noted(note) if LIKE_A_TOWN.fullmatch(part) and not NO_TOWN.match(part)]
        return [part for part in named if not self._listed_towns(part)]

    def bare_list(self, text: str) -> list[str]:
        """The parts of a text that is nothing but a list of towns, 太平镇、罗镜镇; a mistyped one may be among them."""
        parts = [*filter(None, LISTED.split(text))]
        known = [part for part in parts if self._is_town(part)]
        return parts if known and all(part in known or self._may_be_mistyped(part) for part in parts) else []

    def _noted(self, note: str) -> list[str]:
        parts = [] if self.bare_list(note) or RESPONSIBLE.search(note) else _parts(note)
        others = [part for part in parts if part not in self._codes_by_name]
        return self._listed(note) if len(others) == len(parts) or any(map(self._speaks_of_a_town, others)) else parts

    def _speaks_of_a_town(self, part: str) -> bool:
        """As 原太平镇 and 家住罗境镇 do: how far along a list such a word goes, nobody knows."""
        return bool(self.named_towns(part)) or bool(LIKE_A_TOWN.fullmatch(part) and not self._may_be_mistyped(part))

    def _listed(self, text: str) -> list[str]:
        return self.bare_list(text) or [
            part for clause in RESPONSIBLE.findall(text) for part in LISTED.split(clause) if part
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


def _any_of(words: Mapping[str, object]) -> re.Pattern[str]:
    """Matches the longest of the words at a place; never anything when there are none."""
    return re.compile("|".join(re.escape(word) for word in sorted(words, key=len, reverse=True)) or r"(?!)")

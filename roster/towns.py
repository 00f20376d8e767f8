"""Which town a text speaks of: full town names first, else a village name that the county has only once."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field

TOWN_SUFFIX = re.compile(r"(?:街道办事处|街道|镇|乡)\Z")
VILLAGE, COMMUNITY = "村民委员会", "居民委员会"
RESPONSIBLE = re.compile("负责|联系|挂点|挂钩|对接|包点|服务|兼")


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

    def __post_init__(self) -> None:
        codes = {name: code for code, name in self.towns.items()}
        forms: dict[str, set[str]] = {}
        for code, name in self.villages.items():
            for form in _spoken_forms(name):
                forms.setdefault(form, set()).add(code[:9])
        object.__setattr__(self, "_codes_by_name", codes)
        object.__setattr__(self, "_towns_by_form", forms)
        object.__setattr__(self, "_town_pattern", _any_of(codes))
        object.__setattr__(self, "_village_pattern", _any_of(forms))

    def named_towns(self, text: str) -> list[str]:
        """Codes of the towns whose full name stands in the text, in the text's order, each once."""
        return list(dict.fromkeys(self._codes_by_name[word] for word in self._town_pattern.findall(text)))

    def town_of_village(self, text: str) -> str | None:
        """The town of the villages named, if they leave one; a village name that several towns have decides nothing."""
        found = {word: self._towns_by_form[word] for word in self._village_pattern.findall(text)}
        towns = {code for codes in found.values() if len(codes) == 1 for code in codes}
        return towns.pop() if len(towns) == 1 else None

    def town_in(self, text: str) -> str | None:
        """The one town a post names: a full town name beats any village; two towns decide nothing."""
        named = self.named_towns(text)
        if named:
            return named[0] if len(named) == 1 else None
        return self.town_of_village(text)

    def town_of_sheet(self, name: str) -> str | None:
        """The town a sheet is named after: 分界镇, 3.分界镇名单, or just 分界."""
        named = self.named_towns(name)
        if len(named) == 1:
            return named[0]
        bare = {TOWN_SUFFIX.sub("", town): code for town, code in self._codes_by_name.items()}
        return None if named else bare.get(name.strip())

    def name(self, code: str) -> str:
        return self.towns.get(code, code)


def _any_of(words: Mapping[str, object]) -> re.Pattern[str]:
    """Matches the longest of the words at a place; never anything when there are none."""
    return re.compile("|".join(re.escape(word) for word in sorted(words, key=len, reverse=True)) or r"(?!)")


def towns_in_note(text: str, gazetteer: Gazetteer) -> list[str]:
    """The towns a judge is responsible for after words such as 「负责太平镇、罗镜镇」."""
    return gazetteer.named_towns(text) if RESPONSIBLE.search(text) else []

"""Names of people: tidied; their pinyin initials for searching, their pinyin for sorting."""

import re
import unicodedata
from collections.abc import Sequence
from functools import lru_cache
from typing import Any

from pypinyin import Style, lazy_pinyin
from pypinyin.constants import PHRASES_DICT

from roster.surnames import SURNAMES, surname_of

MIDDLE_DOTS = re.compile(r"[•‧∙⋅・･˙●▪᛫⸱﹒·.。\uff0e]")
IGNORED = re.compile(
    r"[\u00ad\u200b-\u200f\u202a-\u202e\u2060\u2066-\u2069\ufeff'*\uff0a]+|(?<![A-Za-z])\s+|\s+(?![A-Za-z])"
)
TONES = frozenset("12345")
ORDER_LENGTH = 255
UNREAD = "zz"  # no syllable comes after it
REMARK = re.compile(r"[（(](?:男|女|兼|兼职|组长|副组长|负责人|.{1,3}族)[)）]\Z")


def tidy_name(text: str) -> str:
    """Without blanks and invisible characters; one middle dot for minority names (买买提·艾山)."""
    if text.isalpha() and text.isprintable() and unicodedata.is_normalized("NFC", text):  # nearly every cell
        return text
    name = REMARK.sub("", IGNORED.sub("", unicodedata.normalize("NFC", text)))
    return MIDDLE_DOTS.sub("·", name).strip("·、,，")


def name_columns(name: str) -> dict[str, str]:
    """What is stored beside a name, by column: `name_initials` to search by, `name_order` to sort by."""
    syllables = _syllables(name)
    return {"name_initials": _initials(syllables), "name_order": _order(name, syllables)}


def name_initials(name: str) -> str:
    """Lower-case first letters, `lwy` for 林文英, `oqf` for 区庆芳; what has no reading is left out."""
    return _initials(_syllables(name))


def name_order(name: str) -> str:
    """What a name sorts by: `lin206797wen2ying1` for 林文英, of ASCII letters and digits.

    Syllable after syllable, the tone between them: a digit comes before every letter, so 李 stands before 连 and 李安
    before 李梅, in every collation. The surname's character comes after its sound and keeps 林 and 临 apart. ü is `v`.
    What has no reading comes after all that has.
    """
    return _order(name, _syllables(name))


def _initials(syllables: Sequence[str]) -> str:
    return "".join(syllable[0] for syllable in syllables if _is_read(syllable))


def _order(name: str, syllables: Sequence[str]) -> str:
    first, *others = syllables or [""]
    apart = f"{ord(name[0]):05x}" if _is_read(first) else ""
    return "".join([_sortable(first), apart, *map(_sortable, others)])[:ORDER_LENGTH]


def _is_read(syllable: str) -> bool:
    return syllable[-1:] in TONES and len(syllable) > 1


def _sortable(syllable: str) -> str:
    if _is_read(syllable) or not syllable.isalnum():
        return syllable if syllable.isalnum() else ""
    return syllable.lower() if syllable.isascii() else f"{UNREAD}{ord(syllable):05x}"


def _syllables(name: str) -> list[str]:
    """`lin2 wen2 ying1`, one for each character; a character without a reading stands as it is.

    The surname is read as a surname (区 ou, 单 shan, 尉迟 yu chi), what follows by the words it makes (朝阳 zhao yang).
    """
    surname = surname_of(name)
    return [*(SURNAMES.get(surname) or _reading(surname)), *_read(name[len(surname) :])]


def _read(text: str) -> list[str]:
    if any(text[first:last] in PHRASES_DICT for first, last in _stretches(len(text))):
        return _reading(text)
    return [syllable for character in text for syllable in _reading(character)]


@lru_cache(maxsize=64)
def _stretches(length: int) -> tuple[tuple[int, int], ...]:
    """Where words of two and more characters can stand in a name: only a word changes how a character reads."""
    return tuple((first, last) for first in range(length) for last in range(first + 2, length + 1))


@lru_cache(maxsize=8192)
def _reading(text: str) -> list[str]:
    """What the dictionary says, kept: characters and given names come again and again in a list."""
    apart: Any = list  # pypinyin takes a list of what it cannot read, though its types say text
    found = lazy_pinyin(text, style=Style.TONE3, neutral_tone_with_five=True, errors=apart)
    return [syllable if syllable.isascii() else syllable[0] for syllable in found]  # 𠮷 is given back with a tone

"""Names of people: tidied, and their pinyin initials for searching."""

import re
import unicodedata
from functools import lru_cache

from pypinyin import Style, lazy_pinyin
from pypinyin.constants import PHRASES_DICT

MIDDLE_DOTS = re.compile(r"[•‧∙⋅・･˙●▪᛫⸱﹒·.。\uff0e]")
IGNORED = re.compile(
    r"[\u00ad\u200b-\u200f\u202a-\u202e\u2060\u2066-\u2069\ufeff'*\uff0a]+|(?<![A-Za-z])\s+|\s+(?![A-Za-z])"
)
REMARK = re.compile(r"[（(](?:男|女|兼|兼职|组长|副组长|负责人|.{1,3}族)[)）]\Z")


def tidy_name(text: str) -> str:
    """Without blanks and invisible characters; one middle dot for minority names (买买提·艾山)."""
    if text.isalpha() and text.isprintable() and unicodedata.is_normalized("NFC", text):  # nearly every cell
        return text
    name = REMARK.sub("", IGNORED.sub("", unicodedata.normalize("NFC", text)))
    return MIDDLE_DOTS.sub("·", name).strip("·、,，")


def name_initials(name: str) -> str:
    """Lower-case first letters, `lwy` for 林文英; a character without a known reading is left out."""
    for first, last in _stretches(len(name)):
        if name[first:last] in PHRASES_DICT:
            return _initials(name)
    return "".join(map(_initial_alone, name))


@lru_cache(maxsize=64)
def _stretches(length: int) -> tuple[tuple[int, int], ...]:
    """Where words of two and more characters can stand in a name: only a word changes how a character reads."""
    return tuple((first, last) for first in range(length) for last in range(first + 2, length + 1))


@lru_cache(maxsize=8192)
def _initial_alone(character: str) -> str:
    return _initials(character)


def _initials(text: str) -> str:
    syllables = lazy_pinyin(text, style=Style.FIRST_LETTER, errors="ignore")
    return "".join(syllable[:1] for syllable in syllables).lower()

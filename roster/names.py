"""Names of people: tidied; their pinyin initials for searching, their pinyin for sorting."""

import re
import unicodedata
from collections.abc import Sequence
from functools import lru_cache

from core.readings import TONES, syllables
from roster.surnames import SURNAMES, surname_of

MIDDLE_DOTS = re.compile(r"[•‧∙⋅・･˙●▪᛫⸱﹒·.。\uff0e]")
IGNORED = re.compile(
    r"[\u00ad\u200b-\u200f\u202a-\u202e\u2060\u2066-\u2069\ufeff'*\uff0a]+|(?<![A-Za-z])\s+|\s+(?![A-Za-z])"
)
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
    read = _syllables(name)
    return {"name_initials": _initials(read), "name_order": _order(name, read)}


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


def _syllables(name: str) -> list[str]:
    """`lin2 wen2 ying1`, one for each character; a character without a reading stands as it is.

    The surname is read as a surname (区 ou, 单 shan, 尉迟 yu chi), what follows by the words it makes (朝阳 zhao yang).
    """
    surname = surname_of(name)
    return [*(SURNAMES.get(surname) or syllables(surname)), *syllables(name[len(surname) :])]


def _initials(read: Sequence[str]) -> str:
    return "".join([_initial(syllable) for syllable in read])


def _order(name: str, read: Sequence[str]) -> str:
    apart = f"{ord(name[0]):05x}" if read and _initial(read[0]) else ""
    first, *others = map(_sortable, read or [""])
    return "".join([first, apart, *others])[:ORDER_LENGTH]


@lru_cache(maxsize=2048)  # the language has thirteen hundred syllables
def _initial(syllable: str) -> str:
    """Nothing for what has no reading."""
    return syllable[0] if len(syllable) > 1 and syllable[-1] in TONES else ""


@lru_cache(maxsize=2048)
def _sortable(syllable: str) -> str:
    if _initial(syllable) or not syllable.isalnum():
        return syllable if syllable.isalnum() else ""
    return syllable.lower() if syllable.isascii() else f"{UNREAD}{ord(syllable):05x}"

"""Names of people: tidied; their pinyin initials for searching, their pinyin for sorting."""

import re
import unicodedata
from functools import lru_cache

from core.readings import TONES, may_hold_word, reading, syllables
from roster.surnames import SURNAMES, surname_of

MIDDLE_DOTS = re.compile(r"[•‧∙⋅・･˙●▪᛫⸱﹒·.。\uff0e]")
IGNORED = re.compile(
    r"[\u00ad\u200b-\u200f\u202a-\u202e\u2060\u2066-\u2069\ufeff'*\uff0a]+|(?<![A-Za-z])\s+|\s+(?![A-Za-z])"
)
ORDER_LENGTH = 255
HIDDEN = re.compile("[^*\uff0a][*\uff0a]")
NUMBERED = re.compile(r"(?<=[^\d])\d{1,2}\Z")
MADE_UP = "Co"  # characters that an office's own font has for a rare name
BETWEEN = "\u3007· -'’."  # a character of names that counts as a number
UNREAD = "zz"  # no syllable comes after it
REMARK = re.compile(r"[（(](?:男|女|兼|兼职|组长|副组长|负责人|.{1,3}族)[)）]\Z")


def tidy_name(text: str) -> str:
    """Without blanks and invisible characters; one middle dot for minority names (买买提·艾山)."""
    if text.isalpha() and text.isprintable() and unicodedata.is_normalized("NFC", text):  # nearly every cell
        return text
    name = REMARK.sub("", IGNORED.sub("", unicodedata.normalize("NFC", text)))
    return MIDDLE_DOTS.sub("·", name).strip("·、,，")


def has_hidden_part(text: str) -> bool:
    """Whether stars stand for a part of a name (张*, 欧阳**); one before it is a mark (*张三)."""
    return bool(HIDDEN.search(text))


def is_like_a_name(name: str) -> bool:
    """Whether a tidied name is made of characters and letters, with dots, blanks and hyphens between.

    A number behind it tells people of one name apart: 张伟2.
    """
    return all(
        sign.isalpha() or sign in BETWEEN or unicodedata.category(sign) == MADE_UP for sign in NUMBERED.sub("", name)
    )


def name_columns(name: str) -> dict[str, str]:
    """What is stored beside a name, by column: `name_initials` to search by, `name_order` to sort by."""
    initials, order = read_name(name)
    return {"name_initials": initials, "name_order": order}


def read_name(name: str) -> tuple[str, str]:
    """`name_initials` and `name_order` of a name, from one reading of it.

    Initials are lower-case first letters, `lwy` for 林文英, `oqf` for 区庆芳; what has no reading is left out.

    A name sorts by `lin206797wen2ying1` for 林文英, of ASCII letters and digits: syllable after syllable, the tone
    between them. A digit comes before every letter, so 李 stands before 连 and 李安 before 李梅, in every collation.
    The surname's character comes after its sound and keeps 林 and 临 apart. ü is `v`. What has no reading comes after
    all that has.
    """
    if not name:
        return "", ""
    surname = surname_of(name)
    initials, order = _read_surname(surname)
    given = name[len(surname) :]
    parts = map(_parts, syllables(given)) if may_hold_word(given) else map(_read_alone, given)
    for initial, sortable in parts:
        initials += initial
        order += sortable
    return initials, order[:ORDER_LENGTH]


def name_initials(name: str) -> str:
    return read_name(name)[0]


def name_order(name: str) -> str:
    return read_name(name)[1]


@lru_cache(maxsize=2048)
def _read_surname(surname: str) -> tuple[str, str]:
    """The surname is read as a surname (区 ou, 单 shan, 尉迟 yu chi); what follows it by its words (朝阳 zhao yang)."""
    (initial, first), *others = map(_parts, SURNAMES.get(surname) or syllables(surname))
    apart = f"{ord(surname[0]):05x}" if initial else ""
    return initial + "".join([one for one, _ in others]), first + apart + "".join([one for _, one in others])


@lru_cache(maxsize=8192)
def _read_alone(character: str) -> tuple[str, str]:
    return _parts(reading(character))


@lru_cache(maxsize=2048)  # the language has thirteen hundred syllables
def _parts(syllable: str) -> tuple[str, str]:
    """The initial of a syllable, and what it sorts by; no initial for what has no reading."""
    if len(syllable) > 1 and syllable[-1] in TONES:
        return syllable[0], syllable if syllable.isalnum() else ""
    if not syllable.isalnum():
        return "", ""
    return "", syllable.lower() if syllable.isascii() else f"{UNREAD}{ord(syllable):05x}"

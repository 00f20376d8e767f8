"""Names of people: tidied, and their pinyin initials for searching."""

import re
import unicodedata

from pypinyin import Style, lazy_pinyin

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
    syllables = lazy_pinyin(name, style=Style.FIRST_LETTER, errors="ignore")
    return "".join(syllable[:1] for syllable in syllables).lower()

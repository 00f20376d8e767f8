"""Names of people: tidied, and their pinyin initials for searching."""

import re
import unicodedata

from pypinyin import Style, lazy_pinyin

MIDDLE_DOTS = re.compile(r"[•‧∙⋅・･˙●.\uff0e]")
IGNORED = re.compile(r"[\s\u200b-\u200f\u2060\ufeff'*\uff0a]+")


def tidy_name(text: str) -> str:
    """Without blanks and invisible characters; one middle dot for minority names (买买提·艾山)."""
    return MIDDLE_DOTS.sub("·", IGNORED.sub("", unicodedata.normalize("NFC", text))).strip("·、,，")


def name_initials(name: str) -> str:
    """Lower-case first letters, `lwy` for 林文英; a character without a known reading is left out."""
    syllables = lazy_pinyin(name, style=Style.FIRST_LETTER, errors="ignore")
    return "".join(syllable[:1] for syllable in syllables).lower()

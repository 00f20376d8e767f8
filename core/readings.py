"""How Chinese text is read: a syllable for each character, the tone as a digit behind it; words before characters.

pypinyin's own dictionary of words takes forty megabytes of every process, most of it for lists of one syllable each.
Here its file is kept as it is, in a third of that, with the place of every word, and names are cut as it cuts them: the
longest word first. Its characters take ten more: it is loaded when the first name is read, which a process that shows
pages seldom does.
"""

import os
import re
from collections.abc import Mapping
from functools import cache, lru_cache
from importlib.resources import files
from typing import Any

os.environ.setdefault("PYPINYIN_NO_PHRASES", "1")  # asked for when it is imported
os.environ.setdefault("PYPINYIN_NO_DICT_COPY", "1")

WORD = re.compile('"([\u3007\u3400-\u9fff\uf900-\ufaff\U00020000-\U0003ffff]+)": \\[')  # nothing but ideographs
WORD_ENDS = "]\n]"
FIRST_READING = re.compile(r'\[\n"([^"]+)"')
TONES = "12345"
SHORT, LONGEST = 2, 10  # characters of a word


def syllables(text: str) -> list[str]:
    """`zhao1 yang2`, one for each character; a character without a reading stands as it is."""
    found: list[str] = []
    at, end = 0, len(text)
    words: Mapping[str, int] = _words() if end > 1 else {}
    while at < end:
        for stop in range(min(end, at + LONGEST), at + 1, -1):  # the longest word first
            if text[at:stop] in words:
                found += _read_word(text[at:stop])
                at = stop
                break
        else:
            found.append(reading(text[at]))
            at += 1
    return found


def may_hold_word(text: str) -> bool:
    """Whether some characters of a text may have to be read together; False says surely not."""
    return len(text) > SHORT or (len(text) == SHORT and text in _words())


def without_tones(text: str) -> str:
    """`zhaoyang`; what has no reading stands as it is."""
    return "".join(syllable.rstrip(TONES) if len(syllable) > 1 else syllable for syllable in syllables(text))


@lru_cache(maxsize=8192)
def reading(character: str) -> str:
    """One character by itself."""
    from pypinyin import Style, lazy_pinyin  # noqa: PLC0415 (see above)

    apart: Any = list  # pypinyin takes a list of what it cannot read, though its types say text
    (syllable,) = lazy_pinyin(character, style=Style.TONE3, neutral_tone_with_five=True, errors=apart)
    return syllable if syllable.isascii() else str(syllable[0])  # 𠮷 is given back with a tone


@lru_cache(maxsize=2048)
def _read_word(word: str) -> tuple[str, ...]:
    from pypinyin.contrib.tone_convert import to_tone3  # noqa: PLC0415 (see above)

    return tuple(to_tone3(syllable, neutral_tone_with_five=True) for syllable in _first_readings(word))


@cache
def _dictionary() -> str:
    return (files("pypinyin") / "phrases_dict.json").read_text(encoding="utf-8")


@cache
def _words() -> dict[str, int]:
    """Every word of two and more characters, and where in the dictionary its readings begin."""
    return {found[1]: found.end() for found in WORD.finditer(_dictionary())}


def _first_readings(word: str) -> list[str]:
    """The first reading of each character, with accents: 朝阳 → `zhāo`, `yáng`."""
    begin = _words()[word]
    entry = _dictionary()[begin : _dictionary().index(WORD_ENDS, begin)]
    return FIRST_READING.findall(entry)

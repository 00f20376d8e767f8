"""How Chinese text is read: a syllable for each character, the tone as a digit behind it; words before characters.

pypinyin's own dictionary of words takes forty megabytes of every process, most of it for lists of one syllable each.
Here the same words are kept as plain text, in a third of that, and cut as it cuts them: the longest word first. Its
characters take ten more: it is loaded when the first name is read, which a process that shows pages seldom does.
"""

import os
import re
from collections.abc import Sequence
from functools import cache, lru_cache
from importlib.resources import files
from typing import Any

os.environ.setdefault("PYPINYIN_NO_PHRASES", "1")  # asked for when it is imported
os.environ.setdefault("PYPINYIN_NO_DICT_COPY", "1")

WORD_ENDS = "]\n]"
FIRST_READING = re.compile(r'\[\n"([^"]+)"')
TONES = "12345"
LONGEST = 10  # characters of a word


def syllables(text: str) -> list[str]:
    """`zhao1 yang2`, one for each character; a character without a reading stands as it is."""
    found: list[str] = []
    while len(text) > 1:
        if word := _first_word(text):
            found += _read_word(word)
            text = text[len(word) :]
        else:
            found.append(reading(text[0]))
            text = text[1:]
    return [*found, reading(text)] if text else found


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


def _first_word(text: str) -> str:
    """The longest word of the dictionary that the text begins with; nothing when there is none."""
    words = _words()
    for end in range(min(len(text), LONGEST), 1, -1):
        if text[:end] in words:
            return text[:end]
    return ""


@lru_cache(maxsize=2048)
def _read_word(word: str) -> tuple[str, ...]:
    from pypinyin.contrib.tone_convert import to_tone3  # noqa: PLC0415 (see above)

    return tuple(to_tone3(syllable, neutral_tone_with_five=True) for syllable in _words()[word].split())


@cache
def _words() -> dict[str, str]:
    """Every word of two and more characters, and how it is read: 朝阳 → `zhāo yáng`."""
    from pypinyin.constants import RE_HANS  # noqa: PLC0415 (see above)

    text = (files("pypinyin") / "phrases_dict.json").read_text(encoding="utf-8")
    entries = (entry.split('"') for entry in text.split(WORD_ENDS))
    return {entry[1]: _first_readings(entry) for entry in entries if len(entry) > 1 and RE_HANS.match(entry[1])}


def _first_readings(entry: Sequence[str]) -> str:
    """Of an entry cut at its quotation marks: word and readings stand at odd places."""
    word, *read = entry[1::2]
    return " ".join(read if len(read) == len(word) else FIRST_READING.findall('"'.join(entry[2:])))

"""Chinese text read aloud: as the dictionary's own program reads it, word for word."""

import json
import os
import subprocess
import sys

import pytest

from core.readings import LONGEST, _words, syllables, without_tones

# Every word, every character, and words run together so that another might be seen across the seam.
BY_THE_PROGRAM = """
import json
from pypinyin import Style, lazy_pinyin
from pypinyin.constants import PHRASES_DICT, PINYIN_DICT
words = list(PHRASES_DICT)
texts = [*words, *map(chr, PINYIN_DICT), *(a[-1] + b + c for a, b, c in zip(words, words[7:], words[31:]))]
def read(text):
    found = lazy_pinyin(text, style=Style.TONE3, neutral_tone_with_five=True, errors=list)
    return [syllable if syllable.isascii() else syllable[0] for syllable in found]
print(json.dumps([[text, read(text), "".join(lazy_pinyin(text))] for text in texts]))
"""


@pytest.mark.parametrize(
    ("text", "read"),
    [
        ("朝阳", ["zhao1", "yang2"]),
        ("朝", ["chao2"]),
        ("重庆", ["chong2", "qing4"]),
        ("女", ["nv3"]),
        ("么", ["me5"]),
        ("𠮷·A1", ["𠮷", "·", "A", "1"]),
        ("", []),
    ],
)
def test_words_come_before_characters(text, read):
    assert syllables(text) == read


def test_without_tones_it_is_one_word():
    assert [without_tones(text) for text in ("罗定", "重庆A1", "")] == ["luoding", "chongqingA1", ""]


def test_everything_is_read_as_the_dictionarys_own_program_reads_it():
    whole = {name: value for name, value in os.environ.items() if not name.startswith("PYPINYIN")}
    done = subprocess.run([sys.executable, "-c", BY_THE_PROGRAM], env=whole, capture_output=True, text=True, check=True)
    expected = json.loads(done.stdout)

    wrong = [text for text, read, plain in expected if syllables(text) != read or without_tones(text) != plain]

    assert (wrong, len(expected) > 100_000) == ([], True)


def test_no_word_is_longer_than_is_looked_for():
    assert max(map(len, _words())) == LONGEST

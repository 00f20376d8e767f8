"""The words shown as reasons: a mediator reads them, so they are words and not pieces of words."""

import os
import subprocess
import sys

import pytest

from disputes.triage import suggest
from disputes.triage.phrases import phrase
from disputes.triage.reading import _scan, read
from disputes.triage.words import default_lexicon
from tools.narratives import HELD, TUNE, files, rows


def shown(story: str, characters: str) -> str:
    return phrase(read(story, default_lexicon()), story.find(characters), len(characters))


@pytest.mark.parametrize(
    ("story", "characters", "reason"),
    [
        ("条子上写了他三个字。", "了他", "他三个字"),  # particles alone say nothing; a word does not begin with one
        ("他拖着工程款不给。", "程款", "工程款"),  # a piece of a known word
        ("被告承诺送样板房。", "诺送", "承诺送"),  # across two words
        ("昨天他在我家门口骂了一个上午，狗叫了一夜。", "狗", "狗叫"),  # no word by itself
        ("货也没发，电话不接。", "货", "货也没发"),  # does not end with a particle
        ("昨天去了，他不在。", "在", "他不在"),  # the end of its clause
        ("要赔一千二百元，", "百元", "一千二百元"),  # a sum stays whole
    ],
)
def test_characters_that_decided_are_shown_as_the_words_they_are_pieces_of(story, characters, reason):
    assert shown(story, characters) == reason


def test_of_many_stories_no_reason_is_a_piece_of_a_word_or_particles_alone():
    lexicon = default_lexicon()
    stories = [text for path in files(TUNE)[:6] for _, text in rows(path)][:600]
    bare = []
    for story in stories:
        found = suggest(story)
        reasons = [*found.unsuitable_words, *(word for one in found.suggestions for word in one.because)]
        bare += [word for word in reasons if len(word) > 1 and lexicon.particles.issuperset(word)]
    assert bare == []


def test_a_wide_pattern_left_out_by_its_characters_would_not_have_been_found():
    lexicon = default_lexicon()
    stories = [text.translate(lexicon.fold) for path in files(HELD) for _, text in rows(path)]
    for wide in lexicon.patterns:
        hit = [story for story in stories if wide.pattern.search(story)]
        assert [story for story in hit if any(map(set(story).isdisjoint, wide.needs))] == []


def test_the_words_of_a_text_are_those_of_the_lists_that_stand_in_it():
    lexicon = default_lexicon()
    story = "老板欠我三个月工资，昨日我去追，他拿刀赶我。"
    every = {(at, end) for at in range(len(story)) for end in range(at + 1, len(story) + 1)}
    known = {(at, end) for at, end in every if story[at:end] in lexicon.entries}
    assert {(hit.start, hit.end) for hit in _scan(story, lexicon)} == known


def test_every_interpreter_gives_the_same_words():
    """Texts hash otherwise in each: of two workers of one server each showed words of its own."""
    texts = ["两姓人已经打起来，五人受伤，双方还在叫人。", "公公多次殴打儿媳，最近一次拿锄头柄打到她昏迷。"]
    code = f"from disputes.triage import suggest\nfor text in {texts!r}: print(ascii(suggest(text)))"
    told = {
        subprocess.run(
            [sys.executable, "-c", code], env=os.environ | {"PYTHONHASHSEED": seed}, capture_output=True, check=True
        ).stdout
        for seed in "1234"
    }
    assert len(told) == 1

"""How Chinese text becomes tokens, and what a query asks of them."""

# ruff: noqa: RUF001 - full-width letters are what is folded

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from core.tokens import Phrase
from disputes.bigrams import holds, phrases, tokens

# Few letters, so that queries meet stories: common and rare ideographs, both widths, marks that mean something to SQL.
LETTERS = "借款人梁伯坚〇𣸣𠮷𱍐豈aBz09１Ａ，。😀\n\t \"'*:&|!()<->%_\\ éß"
TEXTS = st.text(LETTERS, max_size=24)


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("借款人", "借款 款人 人"),
        ("借", "借"),
        ("欠款48000元", "欠款 款 48000 元"),
        ("iPhone 15，ＡＢＣ", "iphone 15 abc"),
        ("𣸣𠮷〇", "𣸣𠮷 𠮷〇 〇"),
        ("他说：😀不还", "他说 说 不还 还"),
        ("48,000.50", "48 000 50"),
        ("", ""),
    ],
)
def test_text_becomes_pairs_and_words(text, found):
    assert " ".join(tokens(text)) == found


@pytest.mark.parametrize(
    "number",
    ["445381196803121235", "44538119680312123X", "445381680312123", "13800006072", "138 0000 6072", "138-0000-6072",
     "0766-3812345", "１３８００００６０７２", "6222021234567890123"],
)  # fmt: skip
def test_long_numbers_of_people_are_no_tokens(number):
    assert tokens(f"他的号码{number}已记") == ["他的", "的号", "号码", "码", "已记", "记"]


@pytest.mark.parametrize(
    ("query", "asked"),
    [
        ("借款", [Phrase(("借款",), begins=False)]),
        ("借款人", [Phrase(("借款", "款人"), begins=False)]),
        ("借", [Phrase(("借",), begins=True)]),
        ("梁 借款", [Phrase(("梁",), begins=True), Phrase(("借款",), begins=False)]),
        ("欠款48", [Phrase(("欠款", "款", "48"), begins=True)]),
        ("5元", [Phrase(("5", "元"), begins=True)]),
        ("5元钱", [Phrase(("5", "元钱"), begins=False)]),
        ("% 😀", []),
        ("", []),
    ],
)
def test_each_word_of_a_query_is_a_phrase(query, asked):
    assert phrases(query) == asked


@pytest.mark.parametrize(
    ("query", "answer"),
    [
        ("借款", True), ("款人", True), ("人", True), ("借款人", True), ("人借", False), ("款借", False),
        ("伯坚", True), ("梁伯 借款", True), ("梁伯 沈", False), ("480", True), ("8000", False), ("元借", False),
        ("IPHONE", True), ("phone", False), ("人，梁伯坚", True), ("%", False), ("借款 %", True),
    ],
)  # fmt: skip
def test_a_text_holds_a_query(query, answer):
    assert holds(query, "借款人，梁伯坚", "欠48000元", "ｉＰｈｏｎｅ") is answer


@given(texts=st.lists(TEXTS, max_size=3), query=TEXTS)
@example(texts=["借款", "人"], query="款人")
@example(texts=["a" * 50], query="a" * 45)
def test_tokens_answer_like_reading_through(texts, query):
    assert _matches(tokens(*texts), phrases(query)) is holds(query, *texts)


def _matches(found: list[str], wanted: list[Phrase]) -> bool:
    return bool(wanted) and all(any(_stands_at(found[at:], one) for at in range(len(found))) for one in wanted)


def _stands_at(found: list[str], phrase: Phrase) -> bool:
    *first, last = phrase.tokens
    here = found[: len(phrase.tokens)]
    if len(here) < len(phrase.tokens) or here[:-1] != first:
        return False
    return here[-1].startswith(last) if phrase.begins else here[-1] == last

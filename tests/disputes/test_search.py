"""What somebody meant by what they typed into the search box."""

import pytest

from disputes.search import Wanted, is_code, understand


def wide(text: str) -> str:
    """As a Chinese keyboard writes it: every sign in its full width."""
    return "".join(chr(ord(sign) + 0xFEE0) for sign in text)


@pytest.mark.parametrize(
    ("typed", "wanted"),
    [
        ("TP2308-0146", Wanted(code="TP2308-0146")),
        ("tp2308", Wanted(code="TP2308")),
        ("tp23080146", Wanted(code="TP2308-0146")),
        (wide("TP2308-0146"), Wanted(code="TP2308-0146")),
        (wide("tp23080146"), Wanted(code="TP2308-0146")),
        ("TP2308—0146", Wanted(code="TP2308-0146")),
        ("TP 2308 0146", Wanted(code="TP2308-0146")),
        (wide("6072"), Wanted(last4="6072")),
        ("2308-0146", Wanted(code_end="2308-0146")),
        (wide("2308-0146"), Wanted(code_end="2308-0146")),
        ("0766-3812", Wanted(words="0766-3812")),
        ("E23080146", Wanted(words="E23080146")),
        ("TP23130146", Wanted(words="TP23130146")),
        ("445381196803121235", Wanted(id_number="445381196803121235")),
        ("4453811968031212 3x", Wanted(id_number="44538119680312123X")),
        ("91110000600037341L", Wanted(id_number="91110000600037341L")),
        ("138 0000 6072", Wanted(phone="13800006072")),
        ("0766-3812345", Wanted(phone="0766-3812345")),
        ("6072", Wanted(last4="6072")),
        ("123x", Wanted(last4="123X")),
        ("梁伯坚", Wanted(words="梁伯坚")),
        ("梁  伯坚 借款", Wanted(words="梁 伯坚 借款")),
        ("欠款48000", Wanted(words="欠款48000")),
        ("", Wanted()),
        ("　", Wanted()),
    ],
)
def test_a_search_is_understood(typed, wanted):
    assert understand(typed) == wanted


@pytest.mark.parametrize(
    ("typed", "answer"),
    [
        ("TP2308-0146", True),
        ("tp2308", True),
        ("tp23080146", True),
        ("2308-0146", False),
        ("E23080146", False),
        ("梁伯坚", False),
        ("13800006072", False),
    ],
)
def test_only_a_code_may_stand_in_an_address(typed, answer):
    assert is_code(typed) is answer

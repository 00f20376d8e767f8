"""What somebody typed into the search box, understood: a code or its end, a number, four last digits, words. Pure."""

import re
import unicodedata
from dataclasses import dataclass

from disputes import bigrams
from roster.id_card import tidy_id_number
from roster.phones import MOBILE, tidy_phone

CODE = re.compile(r"[A-Z]{1,4}[0-9]{4}(-[0-9]{0,6})?")
# two letters and a month at least: a passport's number, one letter and eight digits, must not come into an address
DASHLESS = re.compile(r"([A-Z]{2,4}[0-9]{2}(?:0[1-9]|1[0-2]))([0-9]{4,6})")
# a month and a serial: what is read out of a code over the telephone; an area code (0766) is no month
CODE_END = re.compile(r"([0-9]{2}(?:0[1-9]|1[0-2]))-([0-9]{4,6})")
ID_NUMBER = re.compile(r"\d{17}[0-9X]")
CREDIT_CODE = re.compile(r"[0-9A-HJ-NP-RTUW-Y]{2}\d{6}[0-9A-HJ-NP-RTUW-Y]{10}")
LAST_FOUR = re.compile(r"\d{3}[0-9X]")
WORDS_LENGTH = 60
DASHES = re.compile("[\u2010-\u2015\u2212]+")  # of keyboards and of Word


@dataclass(frozen=True)
class Wanted:
    """Exactly one of the fields is filled; none when nothing was typed."""

    code: str = ""
    code_end: str = ""
    id_number: str = ""
    phone: str = ""
    last4: str = ""
    words: str = ""


def understand(text: str) -> Wanted:
    """Numbers are recognised however they were spaced; anything else is words."""
    if code := code_of(text):
        return Wanted(code=code)
    if CODE_END.fullmatch(end := _dashed(text)):
        return Wanted(code_end=end)
    plain = tidy_id_number(text)
    if ID_NUMBER.fullmatch(plain) or CREDIT_CODE.fullmatch(plain):
        return Wanted(id_number=plain)
    if LAST_FOUR.fullmatch(plain):
        return Wanted(last4=plain)
    phone = tidy_phone(text) if re.search(r"\d{7}", re.sub(r"\D", "", text)) else None
    if phone and (MOBILE.fullmatch(phone) or plain.replace("-", "").isdigit()):
        return Wanted(phone=phone)
    return Wanted(words=" ".join(text.split())[:WORDS_LENGTH])


def asks_nothing(text: str) -> bool:
    """Whether there is nothing to look for in what was typed: signs and pictures alone."""
    words = understand(text).words
    return bool(words) and not bigrams.phrases(words)


def code_of(text: str) -> str:
    """The dispute's code in its one form, however wide, spaced or dashed it was typed; "" when it is none."""
    plain = _dashed(text)
    if told := DASHLESS.fullmatch(plain):
        return "-".join(told.groups())
    return plain if CODE.fullmatch(plain) else ""


def _dashed(text: str) -> str:
    return DASHES.sub("-", "".join(unicodedata.normalize("NFKC", text).split()).upper())


def is_code(text: str) -> bool:
    """Whether the text is a dispute's code: the only search that may stand in an address."""
    return bool(code_of(text))

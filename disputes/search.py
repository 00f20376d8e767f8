"""What somebody typed into the search box, understood: a code, a number, four last digits, or words. Pure."""

import re
from dataclasses import dataclass

from roster.id_card import tidy_id_number
from roster.phones import MOBILE, tidy_phone

CODE = re.compile(r"[A-Z]{1,4}\d{4}(-\d{0,6})?")
ID_NUMBER = re.compile(r"\d{17}[0-9X]")
CREDIT_CODE = re.compile(r"[0-9A-HJ-NP-RTUW-Y]{2}\d{6}[0-9A-HJ-NP-RTUW-Y]{10}")
LAST_FOUR = re.compile(r"\d{3}[0-9X]")
WORDS_LENGTH = 60


@dataclass(frozen=True)
class Wanted:
    """Exactly one of the fields is filled; none when nothing was typed."""

    code: str = ""
    id_number: str = ""
    phone: str = ""
    last4: str = ""
    words: str = ""


def understand(text: str) -> Wanted:
    """Numbers are recognised however they were spaced; anything else is words."""
    plain = tidy_id_number(text)
    if CODE.fullmatch(plain):
        return Wanted(code=plain)
    if ID_NUMBER.fullmatch(plain) or CREDIT_CODE.fullmatch(plain):
        return Wanted(id_number=plain)
    if LAST_FOUR.fullmatch(plain):
        return Wanted(last4=plain)
    phone = tidy_phone(text) if re.search(r"\d{7}", re.sub(r"\D", "", text)) else None
    if phone and (MOBILE.fullmatch(phone) or plain.replace("-", "").isdigit()):
        return Wanted(phone=phone)
    return Wanted(words=" ".join(text.split())[:WORDS_LENGTH])


def is_code(text: str) -> bool:
    """Whether the text is a dispute's code: the only search that may stand in an address."""
    return bool(CODE.fullmatch(text.strip().upper()))

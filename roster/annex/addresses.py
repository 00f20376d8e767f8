"""What a list does not write out: addresses as another (同左, 与户籍地址一致), and 同上 in a cell of words."""

import re
from collections.abc import Iterable

from roster.annex.findings import Findings
from roster.choices import WarningCode

SAYS_SAME = frozenset("同与和〃″\"“”'")  # how such a cell begins
LIKE_REGISTERED = re.compile(r"(?:同|[与和])?(?:左|左边|左列|户籍|户口)(?:所在)?(?:地|地址)?(?:一致|相同|一样)?")
LIKE_CONTACT = re.compile(
    r"(?:同|[与和])?(?:右|右边|右列|通[讯信]|联系|现|现?居?住)(?:所在)?(?:地|址|地址)?(?:一致|相同|一样)?"
)
LIKE_ABOVE = re.compile(r"同(?:上|前|上面|上行|上一行)|[〃″\"“”']+")
LIKE_ANOTHER = re.compile(rf"同(?:左|左边|右|右边|下)|{LIKE_ABOVE.pattern}")
SPACES = re.compile(r"\s+")
WRITTEN_OUT = {"unit_and_duty": "单位和职务", "note": "备注"}
Addresses = tuple[str, str]  # registered, contact


def may_say_same(address: str) -> bool:
    """Whether an address must be looked at: nearly none begins so."""
    return bool(address) and address[0] in SAYS_SAME


def written_out(registered: str, contact: str, say: Findings) -> Addresses:
    """The two addresses, each in full: one that is said to be as the other is the other's.

    What stands in the row above is nobody's to guess: such a cell counts as empty, and that is said.
    """
    if not (may_say_same(registered) or may_say_same(contact)):
        return registered, contact
    registered_is, contact_is = SPACES.sub("", registered), SPACES.sub("", contact)
    like_contact = LIKE_CONTACT.fullmatch(registered_is)
    like_registered = LIKE_REGISTERED.fullmatch(contact_is)
    first, second = registered, contact
    if like_contact:
        first = "" if like_registered else contact
    if like_registered:
        second = "" if like_contact else registered
    return _not_above("registered_address", first, say), _not_above("contact_address", second, say)


def without_ditto(field: str, cells: Iterable[str], say: Findings) -> str:
    """A post or a note without a 同上: as in an address, what stands elsewhere is nobody's to guess, and that is said.

    Such a cell counts as empty, while quotation marks inside one are its words'; of 单位 and 职务 in two columns the
    one that is written out stays.
    """
    kept: list[str] = []
    for text in filter(None, cells):
        if may_say_same(text) and LIKE_ANOTHER.fullmatch(SPACES.sub("", text)):
            message = f"「{text}」没有采用，当作空格。请写出{WRITTEN_OUT[field]}。"
            say.say(WarningCode.DITTO_NOT_TAKEN, field, message)
        else:
            kept.append(text)
    return " ".join(kept)


def _not_above(field: str, address: str, say: Findings) -> str:
    if not LIKE_ABOVE.fullmatch(SPACES.sub("", address)):
        return address
    say.say(WarningCode.ADDRESS_NOT_WRITTEN, field, f"「{address}」没有采用，当作空格。请写出地址。")
    return ""

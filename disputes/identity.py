"""Who a party is: name, number and telephone as typed, checked, in their one form. Raises Refused at the field."""

import unicodedata
from dataclasses import dataclass
from datetime import date
from typing import NamedTuple

from stdnum.cn import uscc
from stdnum.exceptions import InvalidChecksum, InvalidLength, ValidationError

from core.errors import Refused
from disputes.choices import PartyKind
from roster.id_card import IdProblem, read_id_number, tidy_id_number
from roster.phones import JOINER, phone_problem, tidy_phone

NAME_LENGTH = 80
LAST = 4


@dataclass(frozen=True)
class Identity:
    """A checked number and what it says of a person; `sex` and `born_on` are empty for an organisation."""

    number: str = ""
    sex: str = ""
    born_on: date | None = None


def read_name(text: str) -> str:
    name = " ".join(unicodedata.normalize("NFC", text).split())
    if not name:
        raise Refused("请填写姓名或单位名称。", field="name")
    if len(name) > NAME_LENGTH:
        raise Refused(f"姓名或名称最多 {NAME_LENGTH} 个字。", field="name")
    return name


def read_identity(kind: str, text: str, *, today: date) -> Identity:
    """The number of a person (居民身份证) or organisation (统一社会信用代码); empty text is no number yet."""
    number = tidy_id_number(text)
    if not number:
        return Identity()
    if kind == PartyKind.ORGANISATION:
        return Identity(_credit_code(number))
    card = read_id_number(number, today=today)
    if isinstance(card, IdProblem):
        raise Refused(card.message, field="id_number")
    return Identity(card.number, card.sex, card.born)


def _credit_code(number: str) -> str:
    """A 统一社会信用代码 (GB 32100): eighteen signs of which I, O, S, V, Z are none, the last one a check."""
    look = "请对照营业执照再看一遍。"
    try:
        return str(uscc.validate(number))
    except InvalidLength as error:
        raise Refused(f"统一社会信用代码是 18 位，现在有 {len(number)} 位。", hint=look, field="id_number") from error
    except InvalidChecksum as error:
        raise Refused("统一社会信用代码的最后一位校验不对。", hint=look, field="id_number") from error
    except ValidationError as error:
        said = "统一社会信用代码里有不会出现的字符（没有 I、O、S、V、Z）。"
        raise Refused(said, hint=look, field="id_number") from error


def read_phone(text: str, *, field: str = "phone") -> str:
    """One telephone number in its one form; "" for none."""
    phone = tidy_phone(text)
    if phone is None:
        raise Refused(f"电话号码不对：{phone_problem(text, several=False)}", field=field)
    if JOINER in phone:
        raise Refused("这里只填一个号码，其余的可以写进经过。", field=field)
    return phone


def last_four(number: str) -> str:
    return number.replace("-", "")[-LAST:]


class KnownBy(NamedTuple):
    """By what somebody is told apart from the others of one dispute."""

    side: str
    name: str
    number: str
    phone: str

    def is_same_as(self, other: "KnownBy") -> bool:
        """Two numbers decide, else name and telephone together; where nobody has a number, the name on one side too."""
        if self.number and other.number:
            return self.number == other.number
        if self.name != other.name:
            return False
        no_number = not self.number and not other.number
        return (bool(self.phone) and self.phone == other.phone) or (no_number and self.side == other.side)

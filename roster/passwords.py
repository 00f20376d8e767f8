"""A rule for passwords that needs the roster: none of one's own numbers."""

from typing import Any

from django.core.exceptions import ValidationError

from core.passwords import plain
from roster.models import Staff

TAIL = 6  # figures in a row from a number's end that are too easily guessed


class NoneOfOnesNumbers:
    """No phone number and no end of an identity number of the account's own person."""

    def validate(self, password: str, user: Any = None) -> None:
        staff = Staff.objects.filter(user=user).first() if user and user.pk else None
        if staff and any(end in plain(password) for end in _ends(staff)):
            raise ValidationError("密码里不能有本人的电话或身份证号码。", code="password_of_own_number")

    def get_help_text(self) -> str:
        return "密码里不能有本人的电话或身份证号码。"


def _ends(staff: Staff) -> list[str]:
    numbers = [*staff.phone.split("、"), staff.id_number]
    tidy = ["".join(char for char in number.casefold() if char.isalnum()) for number in numbers]
    return [number[-TAIL:] for number in tidy if len(number) >= TAIL]

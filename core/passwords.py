"""Rules for passwords that Django has, in words it lacks."""

from typing import Any

from django.contrib.auth.password_validation import MinimumLengthValidator
from django.core.exceptions import ValidationError


class LongEnough(MinimumLengthValidator):
    """Django's rule; its sentence has no Chinese translation."""

    def validate(self, password: str, user: Any = None) -> None:
        if len(password) < self.min_length:
            raise ValidationError(f"密码太短，至少要 {self.min_length} 个字符。", code="password_too_short")

    def get_help_text(self) -> str:
        return f"密码至少要 {self.min_length} 个字符。"

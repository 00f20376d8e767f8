"""Rules for passwords that Django has not, or has without Chinese words."""

import re
import unicodedata
from functools import lru_cache
from typing import Any

from django.conf import settings
from django.contrib.auth.password_validation import MinimumLengthValidator, UserAttributeSimilarityValidator
from django.core.exceptions import ValidationError

from core.models import Division
from core.readings import without_tones

WORDS_OF_THE_TRADE = ("法院", "法官", "联络点", "调解", "司法", "政法")
SUFFIXES = re.compile(r"(?:省|市|县|区|镇|街道|乡)$")
CLASSES = (r"[a-z]", r"[A-Z]", r"[0-9]", r"[^a-zA-Z0-9]")
CLASSES_WANTED = 3
SHORT = 3  # shorter words stand in half of all passwords by chance


def in_words() -> str:
    """The rules in force, in one sentence."""
    by_profile = {
        "mlps": "至少 10 个字符，大写字母、小写字母、数字、符号至少三种；",
        "asvs": "至少 10 个字符，可以是一句话；",
    }
    return (
        f"{by_profile[settings.PASSWORD_PROFILE]}不能有本人姓名、账号、电话、地名、单位，也不能是常见密码。可以粘贴。"
    )


class LongEnough(MinimumLengthValidator):
    """Django's rule; its sentences have no Chinese translation."""

    def get_error_message(self) -> str:
        return f"密码太短，至少要 {self.min_length} 个字符。"

    def get_help_text(self) -> str:
        return f"密码至少要 {self.min_length} 个字符。"


class UnlikeOneself(UserAttributeSimilarityValidator):
    """Django's rule; its sentence names the attribute as a form does, in a half-Chinese one."""

    def get_error_message(self) -> str:
        return "密码和账号（姓名、单位）太像，请换一个。"

    def get_help_text(self) -> str:
        return "密码不能和账号、姓名、单位太像。"


class ThreeOfFour:
    """等保: three of small letters, capitals, figures, others."""

    def validate(self, password: str, user: Any = None) -> None:  # noqa: ARG002 (Django's signature)
        if sum(bool(re.search(kind, password)) for kind in CLASSES) < CLASSES_WANTED:
            raise ValidationError("大写字母、小写字母、数字、符号，至少要有三种。", code="password_too_plain")

    def get_help_text(self) -> str:
        return "大写字母、小写字母、数字、符号，至少要有三种。"


class NothingOfThisPlace:
    """No word that anybody here would try first: county, towns, the court, one's own name and user name."""

    def validate(self, password: str, user: Any = None) -> None:
        if word := found_in(password, (*_places(), *_of(user))):
            raise ValidationError(
                f"密码里不能有「{word}」：地名、单位、姓名和账号最先被人试。", code="password_of_here"
            )

    def get_help_text(self) -> str:
        return "密码里不能有地名、单位、本人姓名和账号。"


def plain(text: str) -> str:
    """Without case, width, and the marks that people put between letters."""
    return re.sub(r"[\W_]+", "", unicodedata.normalize("NFKC", text).casefold())


def found_in(password: str, words: tuple[str, ...]) -> str:
    """The first of the words that stands in the password, written as it is or in pinyin; nothing when none does."""
    tidy = plain(password)
    return next((word for word in words if word and any(form in tidy for form in _forms(word))), "")


@lru_cache(maxsize=512)
def _forms(word: str) -> tuple[str, ...]:
    tidy = plain(word)
    if tidy.isascii():
        return (tidy,) if len(tidy) > SHORT else ()
    pinyin = without_tones(word)
    return (tidy, pinyin) if len(pinyin) > SHORT else (tidy,)


def _places() -> tuple[str, ...]:
    """The county, its towns, the court, and the words of the trade; one query."""
    names = Division.objects.filter(code__startswith=settings.COUNTY_CODE, code__lt=f"{settings.COUNTY_CODE}a")
    towns = [
        SUFFIXES.sub("", name) for name, code in names.values_list("name", "code") if len(code) <= len("445381101")
    ]
    return (*towns, settings.COURT_NAME, *WORDS_OF_THE_TRADE)


def _of(user: Any) -> tuple[str, ...]:
    return (user.name, user.username) if user else ()

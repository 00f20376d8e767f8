"""The sentences of a form's fields in place of Django's stock ones: what is so, and what to do about it.

A message that a field, a form or a validator brings itself stays; only what Django would say by default is replaced.
A ModelForm lets the words of its fields speak for the model's own checks too.
"""

from collections.abc import Iterator
from functools import cache, lru_cache
from typing import Any

from django import forms
from django.core import validators

CHOOSING = (forms.Select, forms.RadioSelect, forms.CheckboxSelectMultiple, forms.FileInput)
CHOOSE_AGAIN = "没有这个选项，请重新选择。"
NO_FILE = "没有收到文件，请重新选择。"
UNREADABLE = "写法不对，请对照说明再写一遍。"
# By kind of field, the nearest first; {label} is the field's own.
BY_FIELD: dict[type[forms.Field], dict[str, str]] = {
    forms.IntegerField: {"invalid": "{label}要写整数，例如 3。"},
    forms.FloatField: {"invalid": "{label}要写数字，例如 0.5。"},
    forms.DecimalField: {"invalid": "{label}要写数字，例如 48000 或 0.5。"},
    forms.DateField: {"invalid": "这不是日期，请写成 2023-09-20 这样，或用日历选。"},
    forms.DateTimeField: {"invalid": "这不是日期和时间，请写成 2023-09-20 09:30 这样，或用日历选。"},
    forms.TimeField: {"invalid": "这不是时间，请写成 09:30 这样。"},
    forms.DurationField: {"invalid": "这不是时长，请写成 01:30:00 这样。", "overflow": "这段时长太长了，请改短。"},
    forms.FileField: {
        "invalid": NO_FILE,
        "missing": NO_FILE,
        "empty": "这个文件是空的，请重新选择。",
        "max_length": "文件名最多 %(max)d 个字，现在 %(length)d 个。请改短后再传。",
        "contradiction": "又选了新文件，又勾了清除，请只留一样。",
    },
    forms.ImageField: {"invalid_image": "这不是图片，或图片坏了，请重新选择。"},
    forms.FilePathField: {"invalid_choice": CHOOSE_AGAIN},
    forms.ModelChoiceField: {"invalid_choice": "选的这一个不在列出的里面，可能刚被改过。请重新选择。"},
    forms.ModelMultipleChoiceField: {
        "invalid_choice": "选的里面有一个不在列出的里面，可能刚被改过。请重新选择。",
        "invalid_list": CHOOSE_AGAIN,
        "invalid_pk_value": CHOOSE_AGAIN,
    },
    forms.ChoiceField: {"invalid_choice": CHOOSE_AGAIN},
    forms.MultipleChoiceField: {"invalid_list": CHOOSE_AGAIN},
    forms.NullBooleanField: {},
    forms.URLField: {"invalid": "网址写法不对，请写成 https://… 这样。"},
    forms.EmailField: {"invalid": "邮箱写法不对，请写成 name@example.cn 这样。"},
    forms.UUIDField: {"invalid": "{label}不对，请刷新页面再来一次。"},
    forms.JSONField: {"invalid": "写法不对，请照已有的条件写，逗号、引号、括号都要成对。"},
    forms.MultiValueField: {"incomplete": "还有一格没有填，请补齐。"},
    forms.RegexField: {"invalid": UNREADABLE},
}
BY_CODE = {
    "max_length": "最多 %(limit_value)d 个字，现在 %(show_value)d 个。请缩短。",
    "min_length": "至少 %(limit_value)d 个字，现在 %(show_value)d 个。请补充。",
    "min_value": "不能小于 %(limit_value)s。",
    "max_value": "不能大于 %(limit_value)s。",
    "step_size": "要是 %(limit_value)s 的整倍数。",
    "max_digits": "最多 %(max)s 位数字，请缩短。",
    "max_decimal_places": "最多 %(max)s 位小数，请去掉多的。",
    "max_whole_digits": "小数点前最多 %(max)s 位，请再看一遍。",
    "invalid_extension": "不收 .%(extension)s 文件，可以传 %(allowed_extensions)s。",
    "null_characters_not_allowed": "里面有不能显示的字符，请删掉后重新填。",
    "unique": "已经有一样的{label}，请改一个。",
    "unique_for_date": "这一天已经有一样的{label}，请改一个。",
}
FORMSET: dict[str, Any] = {
    "missing_management_form": "表单没有传完整，没有保存。请刷新页面，再填一次。",
    "too_many_forms": "最多填 %(num)d 项，请去掉多的。",
    "too_few_forms": "至少填 %(num)d 项，请补上。",
}
MISSING_CODES = frozenset({"required", "null", "blank"})
THIS = "这一项"
SENTENCES_KEPT = 2000  # labels also come from tables that admins write


def say(field: forms.Field) -> None:
    """Give a field our words for whatever it would say in Django's. Again at any time: nothing of ours is changed."""
    stock = _stock_of(_kind(field))
    own = {code: words for code, words in field.error_messages.items() if not _is_stock(words, stock)}
    spoken_for = {getattr(each, "code", None) for each in field.validators if not _is_stock_validator(each)}
    others = {code: _sentence(field, code) for code in _stock_codes(field) if code not in BY_CODE}
    said = _sentences(_kind(field), isinstance(field.widget, CHOOSING), str(field.label or THIS))
    kept = MISSING_CODES | field.error_messages.keys()
    field.error_messages = {
        code: words for code, words in (others | said).items() if code in kept or code not in spoken_for
    }
    field.error_messages |= own


def stock_left(field: forms.Field) -> list[str]:
    """The codes under which the field would still speak Django's words."""
    spoken = [code for code, words in field.error_messages.items() if _is_stock(words, _stock_of(_kind(field)))]
    return spoken + [code for code in _stock_codes(field) if code not in field.error_messages]


def _sentence(field: forms.Field, code: str) -> str:
    return _sentence_of(_kind(field), code, isinstance(field.widget, CHOOSING), str(field.label or THIS))


@lru_cache(SENTENCES_KEPT)
def _sentences(kind: Any, choosing: bool, label: str) -> dict[str, str]:
    """What a field of this kind and name says wherever Django would speak, by code."""
    codes = [code for one in _classes(kind) for code in vars(one).get("default_error_messages", ())]
    return {code: _sentence_of(kind, code, choosing, label) for code in (*codes, *MISSING_CODES, *BY_CODE)}


def _kind(field: forms.Field) -> Any:
    return type(field)


def _classes(kind: Any) -> tuple[type, ...]:
    return tuple(kind.__mro__)


def _sentence_of(kind: Any, code: str, choosing: bool, label: str) -> str:
    if code in MISSING_CODES:
        return f"{'请选择' if choosing else '请填写'}{label}。"
    own = (BY_FIELD[one][code] for one in _classes(kind) if code in BY_FIELD.get(one, {}))
    return (next(own, None) or BY_CODE.get(code) or UNREADABLE).replace("{label}", label)


@cache
def _stock_of(kind: Any) -> frozenset[str]:
    """What Django's classes above the field's own would say."""
    classes = [one for one in _classes(kind) if one.__module__.startswith("django.")]
    return frozenset(str(words) for one in classes for words in vars(one).get("default_error_messages", {}).values())


def _is_stock(words: Any, stock: frozenset[str]) -> bool:
    return words is None or _spoken(words) in stock


def _spoken(words: Any) -> str:
    """Django's words are put into the language of the house each time they are read, even to hash them: once will do.

    They stand in classes and live as long as the process.
    """
    if isinstance(words, str):
        return words
    kept = _read_once.get(id(words))
    if kept is None or kept[0] is not words:
        kept = words, str(words)
        if len(_read_once) < SENTENCES_KEPT:
            _read_once[id(words)] = kept
    return kept[1]


_read_once: dict[int, tuple[Any, str]] = {}


def _is_stock_validator(validator: Any) -> bool:
    kind, words = type(validator), getattr(validator, "message", None)
    stock = getattr(kind, "message", None)
    return kind.__module__.startswith("django.") and (words is stock or _spoken(words) == _spoken(stock))


def _stock_codes(field: forms.Field) -> Iterator[str]:
    """The codes of the field's validators that speak Django's words."""
    for validator in field.validators:
        if isinstance(validator, validators.DecimalValidator):
            yield from ("invalid", *validator.messages)
        elif _is_stock_validator(validator):
            yield str(getattr(validator, "code", ""))

"""Rules over what forms and refusals say: no stock sentence of Django, no day as a machine writes it."""

import ast
import copy
from collections.abc import Iterator
from importlib import import_module
from pathlib import Path
from typing import Any

import pytest
from django import forms
from django.contrib.admin import site
from django.core import validators
from django.db import models
from django.test import RequestFactory

from core import field_words
from core.forms import PlainForm, PlainFormSet
from tests.test_house import APPS, CHINESE, ROOT, python_files, short, tree

DJANGOS = "django."


# ── forms ────────────────────────────────────────────────────────────────────
def own_forms() -> list[type[forms.BaseForm]]:
    """Every form class that stands in our code."""
    for path in python_files():
        module = ".".join(path.relative_to(ROOT).with_suffix("").parts).removesuffix(".__init__")
        if "form" in path.read_text(encoding="utf-8"):
            import_module(module)
    found = {kind for kind in _below(forms.BaseForm) if kind.__module__.split(".")[0] in APPS}
    return sorted(found, key=lambda kind: (kind.__module__, kind.__qualname__))


def _below(kind: type[Any]) -> Iterator[type[Any]]:
    for sub in kind.__subclasses__():
        yield sub
        yield from _below(sub)


def admin_forms(admin_user: Any) -> Iterator[type[forms.BaseForm]]:
    request = RequestFactory().get("/manage/")
    request.user = admin_user
    for model, page in site._registry.items():
        if model._meta.app_label in APPS:
            yield page.get_form(request)


def test_every_form_speaks_our_sentences_when_it_is_read():
    silent = [f"{kind.__module__}.{kind.__name__}" for kind in own_forms() if not issubclass(kind, PlainForm)]
    read_by_admin = {
        "liaison.admin.TribunalForm",
        "reports.admin.FilingForm",
    }

    assert set(silent) - read_by_admin == set()


def test_forms_of_the_configuration_speak_our_sentences(admin):
    assert [form.__name__ for form in admin_forms(admin) if not issubclass(form, PlainForm)] == []


def test_no_field_of_any_form_keeps_a_stock_sentence(admin):
    fields = [
        (f"{form.__module__}.{form.__name__}.{name}", copy.deepcopy(field))
        for form in (*own_forms(), *admin_forms(admin))
        for name, field in getattr(form, "base_fields", {}).items()
    ]
    for _, field in fields:
        field_words.say(field)

    assert [(name, left) for name, field in fields if (left := field_words.stock_left(field))] == []
    assert len(fields) > len(APPS)


def test_every_formset_speaks_our_sentences():
    own_forms()
    ours = [kind for kind in _below(forms.BaseFormSet) if kind.__module__.split(".")[0] in APPS]

    assert [kind.__name__ for kind in ours if not issubclass(kind, PlainFormSet)] == []
    assert set(forms.BaseFormSet.default_error_messages) == set(field_words.FORMSET)
    assert len(ours) > 1


def every_django_field() -> list[forms.Field]:
    """One of each kind of field that Django offers."""
    arguments: dict[type[forms.Field], dict[str, Any]] = {
        forms.RegexField: {"regex": "x"},
        forms.URLField: {"assume_scheme": "https"},
        forms.FilePathField: {"path": str(Path(__file__).parent)},
        forms.ComboField: {"fields": []},
        forms.MultiValueField: {"fields": []},
        forms.ModelChoiceField: {"queryset": models.QuerySet(model=None)},
        forms.ModelMultipleChoiceField: {"queryset": models.QuerySet(model=None)},
        forms.CharField: {"max_length": 3, "min_length": 2},
        forms.IntegerField: {"min_value": 1, "max_value": 2, "step_size": 1},
        forms.DecimalField: {"max_digits": 4, "decimal_places": 2},
    }
    kinds = [kind for name in forms.fields.__all__ if (kind := getattr(forms, name)) and name != "Field"]
    kinds += [forms.ModelChoiceField, forms.ModelMultipleChoiceField]
    return [kind(**arguments.get(kind, {})) for kind in kinds]


@pytest.mark.parametrize("field", every_django_field(), ids=lambda field: type(field).__name__)
def test_every_kind_of_field_has_our_sentences(field):
    field_words.say(field)

    assert field_words.stock_left(field) == []
    assert [words for words in field.error_messages.values() if not CHINESE.search(str(words))] == []


class Probe(PlainForm, forms.Form):
    text = forms.CharField(label="姓名", max_length=3)
    copies = forms.IntegerField(label="份数", min_value=1, max_value=9)
    money = forms.DecimalField(label="金额", max_digits=4, decimal_places=2)
    day = forms.DateField(label="日期")
    hour = forms.TimeField(label="时间")
    one = forms.ChoiceField(label="类型", choices=[("a", "甲")])
    many = forms.MultipleChoiceField(label="材料", choices=[("a", "甲")])
    paper = forms.FileField(label="附件")
    page = forms.URLField(label="网址", assume_scheme="https")
    town = forms.RegexField(r"^\d{9}$", label="镇（街）")
    docket = forms.CharField(label="案号", error_messages={"required": "案号由立案人员填。"})
    checked = forms.CharField(label="编号", validators=[validators.MaxLengthValidator(2, message="编号只有两位。")])


@pytest.mark.parametrize(
    ("given", "name", "sentence"),
    [
        ({}, "text", "请填写姓名。"),
        ({}, "one", "请选择类型。"),
        ({}, "docket", "案号由立案人员填。"),
        ({"text": "四个汉字"}, "text", "最多 3 个字，现在 4 个。请缩短。"),
        ({"copies": "0"}, "copies", "不能小于 1。"),
        ({"copies": "10"}, "copies", "不能大于 9。"),
        ({"copies": "两"}, "copies", "份数要写整数，例如 3。"),
        ({"money": "x"}, "money", "金额要写数字，例如 48000 或 0.5。"),
        ({"money": "1.234"}, "money", "最多 2 位小数，请去掉多的。"),
        ({"day": "昨天"}, "day", "这不是日期，请写成 2023-09-20 这样，或用日历选。"),
        ({"hour": "25:00"}, "hour", "这不是时间，请写成 09:30 这样。"),
        ({"one": "b"}, "one", "没有这个选项，请重新选择。"),
        ({"many": ["b"]}, "many", "没有这个选项，请重新选择。"),
        ({}, "paper", "请选择附件。"),
        ({"page": "x y"}, "page", "网址写法不对，请写成 https://… 这样。"),
        ({"town": "12"}, "town", "写法不对，请对照说明再写一遍。"),
        ({"text": "\0"}, "text", "里面有不能显示的字符，请删掉后重新填。"),
        ({"checked": "123"}, "checked", "编号只有两位。"),
    ],
)
def test_a_field_says_what_is_so_and_what_to_do(given, name, sentence):
    assert Probe(given).errors[name] == [sentence]


def test_label_that_is_set_late_is_the_one_that_is_said():
    form = Probe({})
    form.fields["day"].label = "受理日"

    assert form.errors["day"] == ["请填写受理日。"]


# ── days in sentences ────────────────────────────────────────────────────────
OTHERS = ("roster",)


def machine_days(path: Path) -> Iterator[int]:
    """Lines on which a sentence holds a day as %Y-%m-%d, `__str__` apart."""
    skipped = {
        node
        for function in ast.walk(tree(path))
        if isinstance(function, ast.FunctionDef) and function.name == "__str__"
        for node in ast.walk(function)
    }
    for node in ast.walk(tree(path)):
        if isinstance(node, ast.JoinedStr) and node not in skipped:
            text = "".join(part.value for part in node.values if isinstance(part, ast.Constant))
            specs = [ast.unparse(part.format_spec) for part in ast.walk(node) if _has_spec(part)]
            plain = [ast.unparse(part.value) for part in node.values if _is_plain(part)]
            if any("%Y-%m-%d" in spec for spec in specs) or (CHINESE.search(text) and "today()" in plain):
                yield node.lineno


def _has_spec(part: ast.AST) -> bool:
    return isinstance(part, ast.FormattedValue) and part.format_spec is not None


def _is_plain(part: ast.AST) -> bool:
    return isinstance(part, ast.FormattedValue) and part.format_spec is None


def test_sentences_say_days_as_people_do():
    places = [
        f"{short(path)}:{line}"
        for path in python_files()
        if path.relative_to(ROOT).parts[0] not in OTHERS and "demo" not in path.parts and path.stem != "sweep"
        for line in machine_days(path)
    ]

    assert places == []

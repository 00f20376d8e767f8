"""What a case type asks beside the story, as fields of the intake and of the correction."""

from collections.abc import Callable, Iterable, Mapping
from typing import Any

from django import forms
from django.utils import timezone

from core.forms import StyledForm
from disputes.amounts import is_about
from disputes.choices import QuestionKind
from disputes.forms.fields import refusals
from disputes.models import CaseQuestion
from disputes.questions import PREFIX, YES_NO, read_answer

OFF = {"autocomplete": "off"}
STEM = f"{PREFIX}-"
ABOUT_KEPT = "有金额写的是约数，记的是那个数。要留「大约」二字，请写进经过。"


class AnswerField(forms.CharField):
    """The answer to one question, read by the rule of its kind. `kept`: what the dispute has; as such it may stay."""

    def __init__(self, question: CaseQuestion, kept: str = "") -> None:
        super().__init__(label=question.label, help_text=question.help, required=False, widget=_widget(question))
        self.question, self.kept = question, kept

    def clean(self, value: Any) -> str:
        text = str(value or "")
        with refusals():
            return read_answer(self.question, text, today=None if text == self.kept else timezone.localdate())


class AnswersForm(StyledForm, forms.Form):
    """The questions of one type, none of which must be answered now.

    `typed`: what stands in the fields so far, by the names of the page; `kept`: what the dispute has, by key.
    """

    mark_optional = False

    def __init__(
        self,
        data: Any = None,
        *,
        questions: Iterable[CaseQuestion],
        typed: Mapping[str, str],
        kept: Mapping[str, str] | None = None,
    ) -> None:
        initial = {name.removeprefix(STEM): text for name, text in typed.items() if name.startswith(STEM)}
        super().__init__(data, prefix=PREFIX, initial=initial)
        self.segmented = tuple(one.key for one in questions if one.kind == QuestionKind.YES_NO)
        for question in questions:
            self.fields[question.key] = AnswerField(question, (kept or {}).get(question.key, ""))
        self.money = [one.key for one in questions if one.kind == QuestionKind.MONEY]
        self.others = [(f"{STEM}{key}", text) for key, text in initial.items() if text and key not in self.fields]


def raw_answers(typed: Mapping[str, str]) -> dict[str, str]:
    """The answers among the fields of a page, as text by key."""
    return {name.removeprefix(STEM): text for name, text in typed.items() if name.startswith(STEM)}


def typed_of(posted: Mapping[str, Any]) -> dict[str, str]:
    """The last value of each field of a posted page."""
    return {name: str(text) for name, text in posted.items()}


def about_told(typed: Mapping[str, str], money: Iterable[str]) -> bool:
    """Whether a sum of the page is said to be about so much: the number alone is kept.

    `money`: the keys of the answers that are sums; what is told in words is kept as it was told.
    """
    return any(is_about(typed.get(name, "")) for name in ("amount", *(f"{STEM}{key}" for key in money)))


def _widget(question: CaseQuestion) -> forms.Widget:
    make: dict[str, Callable[[], forms.Widget]] = {
        QuestionKind.TEXT: lambda: forms.TextInput(attrs=OFF | {"maxlength": 200}),
        QuestionKind.MONEY: lambda: forms.TextInput(attrs=OFF | {"inputmode": "decimal"}),
        QuestionKind.DAY: lambda: forms.TextInput(attrs=OFF | {"type": "date"}),
        QuestionKind.YES_NO: lambda: forms.RadioSelect(
            choices=[("", "未问"), *YES_NO.items()], attrs={"class": "form-check-input"}
        ),
        QuestionKind.CHOICE: lambda: forms.Select(choices=[("", "未问"), *((o, o) for o in question.option_list)]),
    }
    return make[question.kind]()

"""The duty rota: one shift, what becomes of it, a month at once."""

from collections.abc import Iterable
from datetime import date
from typing import Any
from uuid import UUID

from django import forms

from core.forms import CodeField, PlainForm, StyledForm
from core.queries import today
from liaison.choices import Hours
from liaison.forms.fields import EARLIEST
from liaison.models import DutyShift
from liaison.queries.duty_plan import Candidate

LAST_YEAR = 2100
TeamChoices = list[tuple[Any, str]]
PLEASE = ("", "请选择")


class MonthForm(PlainForm, forms.Form):
    """`?month=2023-09`; anything else is this month."""

    month = CodeField(r"^[0-9]{4}-[0-9]{2}$", required=False)

    @property
    def first(self) -> date:
        """The first day of the month asked for."""
        text = self.cleaned_data.get("month") if self.is_valid() else ""
        try:
            asked = date.fromisoformat(f"{text}-01") if text else None
        except ValueError:
            asked = None
        usable = asked is not None and asked >= EARLIEST and asked.year < LAST_YEAR
        return asked if asked and usable else today().replace(day=1)


class _TeamForm(StyledForm, forms.Form):
    """A form that asks for somebody of the team."""

    staff = forms.TypedChoiceField(label="值班人", coerce=UUID)

    def __init__(self, *args: Any, team: TeamChoices, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["staff"].choices = [PLEASE, *team]  # type: ignore[attr-defined]


class ShiftForm(_TeamForm):
    on = forms.DateField(label="日期")
    hours = forms.ChoiceField(label="时段", choices=Hours.choices, initial=Hours.WHOLE, widget=forms.RadioSelect)
    segmented = ("hours",)
    field_order = ("on", "hours", "staff")


class ReassignForm(_TeamForm):
    staff = forms.TypedChoiceField(label="改由谁值", coerce=UUID)


class _AnyShiftField(forms.TypedChoiceField):
    """Offers the shifts that make sense; about any other number the action says what is wrong with it."""

    def valid_value(self, value: Any) -> bool:
        return str(value).isascii() and str(value).isdigit() and len(str(value)) < 18  # noqa: PLR2004 (fits the key)


class SwapForm(StyledForm, forms.Form):
    other = _AnyShiftField(label="和哪一班换", coerce=int)

    def __init__(self, *args: Any, shifts: Iterable[DutyShift] = (), **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choices = [(shift.pk, shift_words(shift)) for shift in shifts]
        self.fields["other"].choices = [PLEASE, *choices]  # type: ignore[attr-defined]


def shift_words(shift: DutyShift) -> str:
    """10月9日　陈晓岚（上午）"""
    hours = "" if shift.is_whole else f"（{shift.get_hours_display()}）"
    return f"{shift.on.month}月{shift.on.day}日　{shift.staff}{hours}"


class MissForm(StyledForm, forms.Form):
    because = forms.CharField(label="没有到岗的原因", max_length=100, help_text="如：临时到村里处理纠纷。")


class PlanForm(StyledForm, forms.Form):
    """Who takes part in a month, and which days are filled."""

    WHOLE_DAYS, HALF_DAYS = "whole", "halves"

    staff = forms.TypedMultipleChoiceField(label="谁参加轮班", coerce=UUID, widget=forms.CheckboxSelectMultiple)
    split = forms.ChoiceField(
        label="一天怎么排",
        choices=[(WHOLE_DAYS, "全天一班"), (HALF_DAYS, "上午、下午各一班")],
        widget=forms.RadioSelect,
    )
    with_rest = forms.BooleanField(label="周末和节假日也排", required=False)
    segmented = ("split",)

    def __init__(self, data: Any = None, *, team: list[Candidate], **kwargs: Any) -> None:
        usual = {"staff": [str(one.key) for one in team if one.is_usual], "split": self.WHOLE_DAYS}
        super().__init__(usual if data is None else data, **kwargs)
        choices = [(str(one.key), f"{one.name}（{one.seat}）") for one in team]
        self.fields["staff"].choices = choices  # type: ignore[attr-defined]

    @property
    def is_split(self) -> bool:
        return bool(self.cleaned_data["split"] == self.HALF_DAYS)

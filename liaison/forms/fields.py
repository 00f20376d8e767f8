"""Parts that the forms of a point share."""

from collections.abc import Callable
from datetime import date
from typing import Any

from django import forms

from core.clock_face import cn_full_date
from core.errors import Refused
from core.forms import StyledForm, add_refusal
from core.queries import today

EARLIEST = date(2000, 1, 1)


def taken(form: forms.BaseForm, act: Callable[[dict[str, Any]], object]) -> bool:
    """Whether the form is valid and the action took it; a refusal of the action then stands at its field."""
    if not form.is_valid():
        return False
    try:
        act(form.cleaned_data)
    except Refused as refused:
        add_refusal(form, refused)
        return False
    return True


def past_day(label: str, **kwargs: Any) -> forms.DateField:
    """A day that has been; the action refuses the future as well."""
    return forms.DateField(label=label, validators=[_not_in_future], **kwargs)


def _not_in_future(day: date) -> None:
    if day > today():
        raise forms.ValidationError(f"不能晚于今天（{cn_full_date(today())}）。")
    if day < EARLIEST:
        raise forms.ValidationError("年份看起来不对，请再看一遍。")


class AsOfForm(StyledForm, forms.Form):
    """`?on=2023-06-30`: the day to read the books for; an unusable day is said and today is shown."""

    on = past_day("截至", required=False)

    @property
    def given(self) -> date | None:
        """The day asked for, if it can be used."""
        return self.cleaned_data.get("on") if self.is_valid() else None

    @property
    def day(self) -> date:
        return self.given or today()


class AreaForm(StyledForm, forms.Form):
    """`?area=罗定` or `?area=4453`: the divisions whose points are shown, by name or by code."""

    area = forms.CharField(label="区划", max_length=20, required=False)

    @property
    def words(self) -> str:
        """What was typed, if it can be used."""
        return str(self.cleaned_data["area"]) if self.is_valid() else ""


class ManyFilesInput(forms.ClearableFileInput):
    allow_multiple_selected = True


class ManyFilesField(forms.FileField):
    """One or several files, as a list; empty where none need be chosen."""

    widget = ManyFilesInput

    def clean(self, data: Any, initial: Any = None) -> list[Any]:
        given = data if isinstance(data, list | tuple) else [data]
        kept = [super(ManyFilesField, self).clean(one, initial) for one in given or [None]]
        return [one for one in kept if one]

"""Days as they are asked for: days that have been, and the day a page is read for."""

from datetime import date
from typing import Any

from django import forms

from core.forms import StyledForm
from core.queries import said, today
from roster.hand_ins import DUE
from roster.queries import Asked

EARLIEST = date(2000, 1, 1)


def past_day(label: str, **kwargs: Any) -> forms.DateField:
    """A day that has been; the action refuses the future as well."""
    return forms.DateField(label=label, validators=[_has_been], **kwargs)


def _has_been(day: date) -> None:
    if day > today():
        raise forms.ValidationError(f"不能晚于今天（{said(today())}）。")
    if day < EARLIEST:
        raise forms.ValidationError("年份看起来不对，请再看一遍。")


class AsOfForm(StyledForm, forms.Form):
    """`?on=2023-06-30&known=2023-07-05&first=2023-03-30`: the day, whose knowledge, and from when days are counted.

    What cannot be used is said, and today is shown.
    """

    on = past_day("截至", required=False)
    known = past_day("按这一天已录入的", required=False)
    first = past_day("空缺从哪天算起", required=False)

    def clean(self) -> dict[str, Any]:
        data = self.cleaned_data
        on = data.get("on") or today()
        if data.get("first") and data["first"] > on:
            if data["first"] == DUE:  # stands in the field by itself: nobody asked for it
                data["first"] = None
            else:
                self.add_error("first", "不能晚于截至日。")
        return data

    @property
    def asked(self) -> Asked:
        """What the page is read for; the plan's day of handing in is the first day counted, unless another is asked.
        Read for a day before the first, the page counts none."""
        given = self.cleaned_data if self.is_valid() else {}
        on = given.get("on") or today()
        return Asked(on, given.get("known"), given.get("first") or DUE)

    @property
    def narrowed(self) -> bool:
        """Whether anything but the day was asked for: then the folded part of the form stands open."""
        return bool(self.errors) or any(self.data.get(name) for name in ("known", "first"))

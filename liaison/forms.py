"""What is typed about a liaison point: parsed and checked, nothing written."""

from collections.abc import Callable
from datetime import date
from typing import Any
from uuid import UUID

from django import forms

from core.clock_face import cn_full_date
from core.errors import Refused
from core.forms import StyledForm, add_refusal
from core.queries import today
from liaison.choices import COUNTED_LEVELS, MEETING_SYSTEMS, CheckLevel, Host, SystemKind
from liaison.models import StandardItem

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


class ManyFilesInput(forms.ClearableFileInput):
    allow_multiple_selected = True


class ManyFilesField(forms.FileField):
    """One or several files, as a list."""

    widget = ManyFilesInput

    def clean(self, data: Any, initial: Any = None) -> list[Any]:
        given = data if isinstance(data, list | tuple) else [data]
        return [super(ManyFilesField, self).clean(one, initial) for one in given or [None]]


class PointForm(StyledForm, forms.Form):
    host = forms.ChoiceField(label="依托", choices=Host.choices, widget=forms.RadioSelect)
    address = forms.CharField(label="地址", max_length=120)
    phone = forms.CharField(label="值班电话", max_length=20, required=False)
    opened_on = past_day("启用日", required=False)
    segmented = ("host",)


class ItemReportForm(StyledForm, forms.Form):
    """A first report asks for the day; files added to an item in force (`adding_to`) leave its day and note alone."""

    met_on = past_day("达标日", help_text="办公室启用或牌子挂上的那一天。")
    file = ManyFilesField(label="证据", help_text="照片、平面图或文件，可一次选几份。jpg、png、pdf、docx、xlsx。")
    note = forms.CharField(
        label="说明", max_length=200, required=False, help_text="如：综治中心一楼 102 室，28 平方米。"
    )

    def __init__(self, *args: Any, adding_to: StandardItem | None = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.adding_to = adding_to
        if adding_to:
            del self.fields["met_on"], self.fields["note"]

    def clean(self) -> dict[str, Any]:
        data = self.cleaned_data
        if self.adding_to:
            data["met_on"] = self.adding_to.met_on
        data["uploads"] = data.pop("file", [])
        return data


class ItemCheckForm(StyledForm, forms.Form):
    level = forms.ChoiceField(
        label="核验方式",
        choices=[(level.value, level.label) for level in COUNTED_LEVELS],
        initial=CheckLevel.COUNTY,
        widget=forms.RadioSelect,
    )
    checked_on = past_day("核验日", help_text="实际去看的那一天。")
    note = forms.CharField(label="核验情况", max_length=200, required=False)
    segmented = ("level",)


class ItemEndForm(StyledForm, forms.Form):
    ended_on = past_day("失效日", help_text="从这一天起不再达到。以前的日子不受影响。")
    because = forms.CharField(label="原因", max_length=200)


class SystemForm(StyledForm, forms.Form):
    adopted_on = past_day("通过日")
    text = forms.CharField(
        label="正文", max_length=20_000, widget=forms.Textarea({"rows": 16}), help_text="照通过的文本录入全文。"
    )


class ShiftForm(StyledForm, forms.Form):
    on = forms.DateField(label="日期")
    staff = forms.TypedChoiceField(label="值班人", coerce=UUID)

    def __init__(self, *args: Any, team: list[tuple[Any, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["staff"].choices = [("", "请选择"), *team]  # type: ignore[attr-defined]


class MeetingForm(StyledForm, forms.Form):
    held_on = past_day("日期")
    system = forms.ChoiceField(
        label="所属制度",
        choices=[(kind.value, kind.label) for kind in MEETING_SYSTEMS],
        initial=SystemKind.GRID,
        widget=forms.RadioSelect,
    )
    agenda = forms.CharField(label="议题", max_length=200)
    minutes = forms.CharField(label="纪要", max_length=20_000, required=False, widget=forms.Textarea({"rows": 8}))

"""Where a point stands, its four-ones, the texts of its systems."""

from typing import Any

from django import forms

from core.forms import StyledForm
from liaison.choices import COUNTED_LEVELS, CheckLevel, Host, options
from liaison.forms.fields import ManyFilesField, past_day
from liaison.models import StandardItem


class PointForm(StyledForm, forms.Form):
    host = forms.ChoiceField(label="依托", choices=Host.choices, widget=forms.RadioSelect)
    address = forms.CharField(label="地址", max_length=120)
    phone = forms.CharField(label="值班电话", max_length=20, required=False)
    police_contact = forms.CharField(
        label="派出所联系人",
        max_length=60,
        required=False,
        help_text="如：太平派出所 值班民警。有激化危险的纠纷，页面上先写 110，再写这里。",
    )
    police_phone = forms.CharField(label="派出所电话", max_length=20, required=False)
    opened_on = past_day("启用日", required=False)
    segmented = ("host",)


class ItemReportForm(StyledForm, forms.Form):
    """A first report asks for the day; files added to an item in force (`adding_to`) leave its day and note alone."""

    met_on = past_day("达标日", help_text="办公室启用或牌子挂上的那一天。")
    file = ManyFilesField(label="证据", help_text="照片、平面图或文件，可一次选几份。jpg、png、heic、pdf、docx、xlsx。")
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
        choices=options(COUNTED_LEVELS),
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

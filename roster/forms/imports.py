"""Forms of an import: the file, its town and first day."""

from typing import Any

from django import forms

from core.forms import StyledForm
from core.models import User
from core.spreadsheets.contents import MEGABYTE
from core.spreadsheets.kinds import ACCEPTED
from core.spreadsheets.reading import MAX_FILE_BYTES
from roster import queries

BY_THE_FILE = "按名单里写的"


def _offer_towns(field: forms.Field, user: User) -> None:
    """The towns the user may name. Who keeps more than one may leave it to the file."""
    towns = town_choices(user)
    assert isinstance(field, forms.ChoiceField)
    if len(towns) == 1:
        field.choices, field.required, field.initial = towns, True, towns[0][0]
    else:
        field.choices = [("", BY_THE_FILE), *towns]


def town_choices(user: User) -> list[tuple[str, str]]:
    """The towns whose roster the user keeps, as choices of a form."""
    return [(town.code, town.name) for town in queries.towns_for(user)]


class UploadForm(StyledForm, forms.Form):
    file = forms.FileField(
        label="名单文件",
        help_text=f"收 {'、'.join(ACCEPTED)}，不超过 {MAX_FILE_BYTES // MEGABYTE} MB。表头照附件十列，顺序不限。",
        widget=forms.FileInput(attrs={"accept": ",".join(ACCEPTED)}),
        error_messages={"required": "请选择名单文件。", "empty": "文件是空的，请检查选的是不是这个文件。"},
    )
    town = forms.ChoiceField(
        label="镇（街）", required=False, help_text="名单里的表名、标题、填报单位写了镇（街）的，不用选。"
    )

    def __init__(self, *args: Any, user: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _offer_towns(self.fields["town"], user)

    def clean_file(self) -> Any:
        file = self.cleaned_data["file"]
        if file.size > MAX_FILE_BYTES:
            raise forms.ValidationError(f"文件超过 {MAX_FILE_BYTES // MEGABYTE} MB。请只留名单内容再上传。")
        return file


class SettleForm(StyledForm, forms.Form):
    """What a person decides about a list before it is written."""

    town = forms.ChoiceField(label="镇（街）", required=False)
    since = forms.DateField(label="任职起始日", help_text="新任职从这一天算起。")

    def __init__(self, *args: Any, user: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _offer_towns(self.fields["town"], user)

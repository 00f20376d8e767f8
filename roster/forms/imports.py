"""Forms of an import: the file, its town and first day."""

from collections.abc import Mapping
from typing import Any

from django import forms

from core.forms import StyledForm
from core.models import User
from core.spreadsheets.contents import MAX_CELL_LENGTH, MAX_FILE_BYTES, MEGABYTE
from core.spreadsheets.kinds import ACCEPTED
from roster import queries
from roster.annex.columns import FACT_COLUMNS
from roster.choices import MediatorKind, TeamRole

CUT_OFF = "文件没有传完就断了，没有保存。请再传一次；网络慢的话，换一个网络好的地方。"
CELL = "cell-"
ONE_TOWN = "名单里的人都登记在这个镇（街）。名单里写着别的镇（街）的，核对时会提示。"
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

    def __init__(self, *args: Any, user: User, cut_off: bool = False, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _offer_towns(self.fields["town"], user)
        if self.fields["town"].required:
            self.fields["town"].help_text = ONE_TOWN
        if cut_off:
            self.fields["file"].error_messages["required"] = CUT_OFF

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


class CellsForm(StyledForm, forms.Form):
    """Cells of one row retyped by its uploader, and whether the row is left out; `titles`: field → what it is called.

    Only what was sent counts: a row's form holds the cells that are wrong, not all of them.
    """

    undo = forms.CharField(required=False)
    left_out = forms.BooleanField(required=False)

    def __init__(self, *args: Any, titles: Mapping[str, str], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.titles = titles
        self.fields |= {
            f"{CELL}{field}": forms.CharField(
                required=False,
                max_length=MAX_CELL_LENGTH,
                error_messages={"max_length": f"{title}太长，最多 {MAX_CELL_LENGTH:,} 个字。"},
            )
            for field, title in titles.items()
        }

    @property
    def cells(self) -> dict[str, str | None]:
        """The cells that were sent, by field; None for the one that goes back to what the file says."""
        sent = {field: self.cleaned_data[name] for field in self.titles if (name := f"{CELL}{field}") in self.data}
        undone = self.cleaned_data["undo"]
        return sent | ({undone: None} if undone in self.titles else {})


class MendForm(CellsForm):
    """What the uploader says about one row of a list: its cells, the seat, the town, whether it is left out."""

    seat = forms.CharField(required=False)
    town = forms.CharField(required=False)

    def __init__(self, *args: Any, user: User, **kwargs: Any) -> None:
        super().__init__(*args, titles={column.field: column.title for column in FACT_COLUMNS}, **kwargs)
        self.user = user

    def clean_seat(self) -> tuple[str, str]:
        """Role and, for a mediator, kind. Who may not fill the seat is told when the row is checked again."""
        role, _, kind = self.cleaned_data["seat"].partition(":")
        known = role in ("", *TeamRole.values) and kind in ("", *MediatorKind.values)
        if not known or (kind and role != TeamRole.MEDIATOR):
            raise forms.ValidationError("没有这个岗位，请从列表里选。")
        return role, kind

    def clean_town(self) -> str:
        town = str(self.cleaned_data["town"])
        if town and town not in dict(town_choices(self.user)):
            raise forms.ValidationError("没有这个镇（街），请从列表里选。")
        return town

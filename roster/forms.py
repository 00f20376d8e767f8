"""Forms of the roster: a file to import, its town and first day, a submission, a term of office."""

from datetime import date
from typing import Any

from django import forms

from core.access import allowed
from core.forms import StyledForm
from core.models import User
from core.queries import today
from core.spreadsheets.contents import MEGABYTE
from core.spreadsheets.kinds import ACCEPTED
from core.spreadsheets.reading import MAX_FILE_BYTES
from roster import queries
from roster.choices import ExportList, MediatorKind, TeamRole
from roster.rules import lists_for, may_fill_seat

DOCUMENT_NUMBER_LENGTH, REASON_LENGTH = 60, 200
MASKED, CLEAR = "masked", "clear"
BY_THE_FILE = "按名单里写的"


def _offer_towns(field: forms.Field, user: User) -> None:
    """The towns the user may name. Who keeps more than one may leave it to the file."""
    towns = _town_choices(user)
    assert isinstance(field, forms.ChoiceField)
    if len(towns) == 1:
        field.choices, field.required, field.initial = towns, True, towns[0][0]
    else:
        field.choices = [("", BY_THE_FILE), *towns]


def _set_choices(field: forms.Field, choices: list[tuple[str, str]]) -> None:
    assert isinstance(field, forms.ChoiceField)
    field.choices = choices


def _town_choices(user: User) -> list[tuple[str, str]]:
    return [(town.code, town.name) for town in queries.towns_for(user)]


def _not_in_future(day: date, message: str) -> date:
    if day > today():
        raise forms.ValidationError(message)
    return day


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


class SubmissionForm(StyledForm, forms.Form):
    handed_in_on = forms.DateField(label="报送日")
    document_number = forms.CharField(label="文号", max_length=DOCUMENT_NUMBER_LENGTH, required=False)

    def clean_handed_in_on(self) -> date:
        return _not_in_future(self.cleaned_data["handed_in_on"], "报送日不能晚于今天。")


class TermForm(StyledForm, forms.Form):
    """A new seat for a person."""

    town_code = forms.ChoiceField(label="镇（街）")
    role = forms.ChoiceField(label="岗位", choices=TeamRole.choices)
    mediator_kind = forms.ChoiceField(
        label="来源", choices=[("", "（调解人员才分来源）"), *MediatorKind.choices], required=False
    )
    since = forms.DateField(label="任职起始日")

    def __init__(self, *args: Any, user: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        towns = _town_choices(user)
        seats = [seat for seat in TeamRole if towns and may_fill_seat(user, seat, towns[0][0])]
        _set_choices(self.fields["town_code"], towns)
        _set_choices(self.fields["role"], [(seat.value, seat.label) for seat in seats])


class EndTermForm(StyledForm, forms.Form):
    until = forms.DateField(label="离任日", help_text="最后在任的一天。")


class ExportForm(StyledForm, forms.Form):
    """Which list to take out, and whether in clear. `wanted()` names list and town."""

    mark_optional = False  # the reason is, or is not, by what stands above it

    listed = forms.ChoiceField(label="名单")
    shown = forms.ChoiceField(
        label="个人信息",
        choices=[(MASKED, "遮盖：证件号、电话、地址只留一部分"), (CLEAR, "完整：要写用途，会记入审计")],
        initial=MASKED,
        widget=forms.RadioSelect,
    )
    reason = forms.CharField(
        label="用途",
        max_length=REASON_LENGTH,
        required=False,
        help_text="导出完整信息才填，例如：报送市委政法委。不要写人名和号码。",
    )

    def __init__(self, *args: Any, user: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.towns = {town.code: town for town in queries.towns_for(user)}
        lists = lists_for(user)
        whole = [(what.value, what.label) for what in lists if what != ExportList.TOWN]
        towns = [(town.code, town.name) for town in self.towns.values()] if ExportList.TOWN in lists else []
        _set_choices(self.fields["listed"], [*whole, *towns])
        if not allowed(user, "roster.export_clear"):
            del self.fields["shown"], self.fields["reason"]

    def clean(self) -> dict[str, Any]:
        given = super().clean() or {}
        if self.is_clear and not given.get("reason") and "reason" not in self.errors:
            self.add_error("reason", "请写用途，例如：报送市委政法委。")
        return given

    @property
    def is_clear(self) -> bool:
        return self.cleaned_data.get("shown") == CLEAR

    def wanted(self) -> dict[str, Any]:
        """The answers as `start_export` takes them."""
        listed = self.cleaned_data["listed"]
        return {
            "what": ExportList.TOWN if listed in self.towns else listed,
            "town": self.towns.get(listed),
            "is_clear": self.is_clear,
            "reason": self.cleaned_data.get("reason", ""),
        }

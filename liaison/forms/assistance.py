"""What is typed to ask for assistance, to narrow the list, to see a number; parsed and checked."""

from collections.abc import Iterable
from datetime import timedelta
from typing import Any
from uuid import uuid4

from django import forms
from django.core.validators import RegexValidator

from core.choices import Role
from core.forms import StyledForm
from core.models import Division, User
from core.queries import today
from liaison.actions.assistance import Asked
from liaison.choices import AssistanceKind, Commissioner
from liaison.forms.fields import ManyFilesField

USUAL_DAYS = 10  # only what the form proposes: the court sets the day
PHONE = RegexValidator(r"^[0-9 ()+-]{7,20}$", message="电话只写数字，座机可带区号，如 0766-3720000。")


def text(label: str, *, length: int, rows: int = 0, required: bool = False, hint: str = "") -> forms.CharField:
    """Text of one line, or of several with `rows`; the rules say what must be there, so most may stay empty."""
    widget = forms.Textarea({"rows": rows}) if rows else None
    return forms.CharField(label=label, max_length=length, required=required, widget=widget, help_text=hint)


class AssistanceForm(StyledForm, forms.Form):
    """One request. `towns` are those with a point; `court` is proposed as the court that asks."""

    idempotency_key = forms.UUIDField(widget=forms.HiddenInput, initial=uuid4)
    town = forms.ChoiceField(label="请哪个镇（街）协助")
    kind = forms.ChoiceField(label="协助什么", choices=[("", "请选择"), *AssistanceKind.choices])
    asking_court = forms.ChoiceField(label="哪个法庭办的案", required=False)
    court_number = text("法院案号", length=60, required=True, hint="如：（2023）粤5381民初1234号。")
    due_on = forms.DateField(label="最后一日", help_text="由法院定，法律没有规定日数。到期前会提醒去办的人。")
    commissioner = forms.ChoiceField(
        label="由谁提出", choices=Commissioner.choices, initial=Commissioner.COURT, widget=forms.RadioSelect
    )
    postal_office = text("邮政机构", length=60, hint="邮政机构提出的才写，如：罗定市邮政分公司。")
    person_name = text("姓名或单位名称", length=80, hint="送达、查找要写；勘验、普法可不填。")
    is_organisation = forms.BooleanField(label="是单位", required=False)
    phone = forms.CharField(
        label="电话", required=False, max_length=20, validators=[PHONE], help_text="知道的写，去办的人好联系。"
    )
    address = text("地址", length=200, hint="写到门牌；送达的必填。")
    task = text("要办什么", length=2000, rows=4, required=True, hint="到哪里、办什么、要注意什么。")
    instrument = text("文书名称", length=200, hint="送达的必填，如：起诉状副本、应诉通知书、传票。")
    copies = forms.IntegerField(label="件数", required=False, min_value=1, max_value=100)
    instruments = ManyFilesField(label="文书附件", required=False, help_text="可不附，由镇里到法院取或邮寄。")
    segmented = ("commissioner",)
    mark_optional = False  # what may stay empty depends on the kind: the hints say so

    def __init__(
        self, *args: Any, towns: Iterable[Division], courts: list[str], court: str = "", by: User, **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        self.towns = {town.code: town for town in towns}
        self.fields["town"].choices = [("", "请选择"), *((code, town.name) for code, town in self.towns.items())]  # type: ignore[attr-defined]
        proposed = [("", "按镇（街）的辖区")] if not court else []
        self.fields["asking_court"].choices = [*proposed, *((name, name) for name in courts)]  # type: ignore[attr-defined]
        self.fields["asking_court"].initial = court
        self.fields["due_on"].initial = today() + timedelta(days=USUAL_DAYS)
        if by.role != Role.CLERK:
            del self.fields["commissioner"], self.fields["postal_office"]

    def asked(self) -> Asked:
        data = self.cleaned_data
        plain = {
            name: data[name]
            for name in (
                "kind",
                "court_number",
                "task",
                "due_on",
                "asking_court",
                "is_organisation",
                "person_name",
                "phone",
                "address",
                "instrument",
            )
        }
        return Asked(
            **plain,
            copies=data["copies"] or 0,
            commissioner=data.get("commissioner", Commissioner.COURT),
            postal_office=data.get("postal_office", ""),
        )


class RevealForm(StyledForm, forms.Form):
    """Which field is to be shown, and why."""

    field = forms.CharField(label="哪一项", max_length=10)
    reason = forms.CharField(label="为什么要看", max_length=200)


class ListForm(StyledForm, forms.Form):
    """`?due_by=2023-10-01`: only what is due up to that day; an unusable day is said and nothing is narrowed."""

    due_by = forms.DateField(label="最后一日不晚于", required=False)

    @property
    def day(self) -> Any:
        return self.cleaned_data.get("due_by") if self.is_valid() else None

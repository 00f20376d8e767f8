"""Forms of guidance and entrustment."""

from typing import Any

from django import forms

from core.forms import StyledForm
from core.models import Division, User
from core.queries import today
from disputes.actions.intake import Intake
from disputes.actions.parties import PartyData
from disputes.choices import PartyKind, Side, Source
from disputes.forms.fields import DayField, MoneyField, TextField
from disputes.queries import villages_of
from mediation.actions.entrustments import Referral
from mediation.choices import Basis, GuidanceMode, Procedure


class AskForm(StyledForm, forms.Form):
    question = TextField(
        label="要问什么", max_length=2000, rows=5, help_text="写清事实、双方分歧、您打算怎么调。不写证件号码和电话。"
    )
    mode = forms.ChoiceField(label="方式", choices=GuidanceMode.choices, widget=forms.RadioSelect)
    urgent = forms.BooleanField(label="紧急，请马上看", required=False)
    segmented = ("mode",)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["mode"].initial = GuidanceMode.ONLINE


class AnswerForm(StyledForm, forms.Form):
    answer = TextField(label="答复", max_length=4000, rows=8, help_text="只作业务指导，不代替调解员和双方决定。")


class EntrustmentForm(StyledForm, forms.Form):
    """A case the court refers: how, where to, what it is about, who the parties are."""

    basis = forms.ChoiceField(
        label="方式", choices=[(b.value, b.label) for b in Basis if b != Basis.OWN], widget=forms.RadioSelect
    )
    procedure = forms.ChoiceField(
        label="程序",
        choices=[("", "立案前委派，不分程序"), *Procedure.choices],
        required=False,
        help_text="立案后委托：普通程序十五日，简易程序七日。",
    )
    court_number = TextField(label="法院案号", max_length=60, required=False, help_text="立案后委托要写。")
    online = forms.BooleanField(label="已在法院调解平台移送", required=False)
    platform_number = TextField(label="调解平台编号", max_length=60, required=False)
    on = DayField(label="发出日", initial=today)
    village = forms.ChoiceField(
        label="纠纷在哪个村（社区）", widget=forms.Select(attrs={"data-narrow": "打两个字找村（社区）"})
    )
    narrative = TextField(label="起诉状的事实和请求", rows=6, max_length=20_000)
    amount = MoneyField(label="标的额（元）", required=False)
    applicant = TextField(label="原告（申请人）", max_length=80)
    applicant_phone = TextField(label="电话", max_length=20)
    applicant_is_unit = forms.BooleanField(label="是单位", required=False)
    respondent = TextField(label="被告（被申请人）", max_length=80)
    respondent_phone = TextField(label="电话", max_length=20, required=False)
    respondent_is_unit = forms.BooleanField(label="是单位", required=False)
    segmented = ("basis",)

    def __init__(self, *args: Any, user: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.villages: dict[str, Division] = {row.code: row for row in villages_of(user)}
        choices = [(row.code, f"{row.parent}　{row.short_name}") for row in self.villages.values()]
        self.fields["village"].choices = [("", "请选择"), *choices]  # type: ignore[attr-defined]

    def referral(self) -> Referral:
        """How the court refers."""
        data = self.cleaned_data
        return Referral(data["basis"], data["online"], data["procedure"], data["court_number"])

    def case(self) -> Intake:
        """What is registered in the town."""
        data = self.cleaned_data
        return Intake(
            village=self.villages[data["village"]],
            source=Source.COURT,
            narrative=data["narrative"],
            parties=[self._party(Side.APPLICANT, "applicant"), self._party(Side.RESPONDENT, "respondent")],
            amount=data["amount"],
            platform_number=data["platform_number"],
        )

    def _party(self, side: str, name: str) -> PartyData:
        data = self.cleaned_data
        kind = PartyKind.ORGANISATION if data[f"{name}_is_unit"] else PartyKind.PERSON
        return PartyData(side=side, name=data[name], kind=kind, phone=data[f"{name}_phone"])


class AcceptEntrustmentForm(StyledForm, forms.Form):
    version = forms.IntegerField(widget=forms.HiddenInput)
    on = DayField(label="接收日", initial=today, help_text="签字接收材料的日子；平台移送的，是平台确认接受的日子。")


class DeclineEntrustmentForm(StyledForm, forms.Form):
    version = forms.IntegerField(widget=forms.HiddenInput)
    on = DayField(label="退回日", initial=today)
    reason = TextField(label="为什么退回", max_length=300, rows=2)


class ReturnEntrustmentForm(StyledForm, forms.Form):
    version = forms.IntegerField(widget=forms.HiddenInput)
    on = DayField(label="反馈日", initial=today)

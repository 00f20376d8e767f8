"""The court's forms, one a verb. Each carries the version of the page it was filled in on."""

from typing import Any

from django import forms

from core.forms import StyledForm
from core.models import User
from core.queries import today
from disputes.forms.fields import DayField, TextField
from disputes.models import Party
from mediation.choices import RefusalGround, RejectionGround, ServiceMethod
from mediation.models import ConfirmationRequest
from mediation.queries.confirmations import judge_of_town, judges_to_name, unserved_parties
from mediation.queries.court_file import proposed_number
from mediation.workflow import CONFIRMATION

GROUNDS_LENGTH = 1000
REJECTION_GROUNDS = [
    ("解释第三百五十八条", RejectionGround.choices),
    ("受理后发现（解释第三百五十五条）", RefusalGround.choices),
]


class PersonChoice(forms.ChoiceField):
    """One of a few people, read once; cleans to the user."""

    def __init__(self, **kwargs: Any) -> None:
        self.people: dict[str, Any] = {}
        super().__init__(**kwargs)

    def offer(self, people: list[Any], initial: Any = None) -> None:
        """Who may be chosen; `initial` is proposed."""
        self.people = {str(person.pk): person for person in people}
        self.choices = [("", "请选择"), *((key, str(person)) for key, person in self.people.items())]
        self.initial = str(initial.pk) if initial else ""

    def clean(self, value: Any) -> Any:
        return self.people.get(super().clean(value))


class StepForm(StyledForm, forms.Form):
    """What every step has: the version seen, the day."""

    version = forms.IntegerField(widget=forms.HiddenInput)
    on = DayField(label="日期", initial=today)

    def __init__(self, *args: Any, confirmation: ConfirmationRequest, user: User, **kwargs: Any) -> None:
        self.confirmation, self.user = confirmation, user
        super().__init__(*args, **kwargs)
        self.fields["version"].initial = confirmation.version
        self.prepare()

    def prepare(self) -> None:
        """What depends on the request in hand."""


class AcceptForm(StepForm):
    number = TextField(label="案号", required=False, max_length=60, help_text="不填则取下一个。")
    judge = PersonChoice(label="承办法官")

    def prepare(self) -> None:
        self.fields["on"].label = "受理日"
        self.fields["number"].widget.attrs["placeholder"] = proposed_number(today().year)
        town = self.confirmation.town_code
        self.fields["judge"].offer(judges_to_name(town), judge_of_town(town, today()))  # type: ignore[attr-defined]


class AssignJudgeForm(StepForm):
    judge = PersonChoice(label="改由谁承办")

    def prepare(self) -> None:
        others = [judge for judge in judges_to_name(self.confirmation.town_code) if judge != self.confirmation.judge]
        self.fields["judge"].offer(others)  # type: ignore[attr-defined]


class AskForm(StepForm):
    what = TextField(label="要补什么", max_length=500, rows=3, help_text="一项一句，镇里照着补。")
    due_on = DayField(label="最迟哪天交来")

    def prepare(self) -> None:
        self.fields["on"].label = "通知日"


class ConfirmForm(StepForm):
    heard_on = DayField(label="双方共同到场核实的日子", help_text="解释第三百五十六条：应当通知双方当事人共同到场。")
    grounds = TextField(
        label="裁定理由",
        max_length=GROUNDS_LENGTH,
        rows=3,
        required=False,
        help_text="不填则写「申请人自愿达成调解协议，内容明确」。",
    )

    def prepare(self) -> None:
        self.fields["on"].label = "裁定日"
        self.fields["grounds"].initial = drafted(self.confirmation, "confirm", "grounds")


class RejectForm(StepForm):
    ground_key = forms.ChoiceField(label="法定情形", choices=[("", "请选择"), *REJECTION_GROUNDS])
    grounds = TextField(label="裁定理由", max_length=GROUNDS_LENGTH, rows=4)
    verb = "reject"

    def prepare(self) -> None:
        self.fields["on"].label = "裁定日"
        for name in ("ground_key", "grounds"):
            self.fields[name].initial = drafted(self.confirmation, self.verb, name)


class RefuseForm(RejectForm):
    ground_key = forms.ChoiceField(
        label="法定情形（解释第三百五十五条）", choices=[("", "请选择"), *RefusalGround.choices]
    )
    verb = "refuse"


class WithdrawalForm(StepForm):
    grounds = TextField(label="裁定理由", max_length=GROUNDS_LENGTH, rows=3)
    verb = "permit_withdrawal"

    def prepare(self) -> None:
        self.fields["on"].label = "裁定日"
        self.fields["grounds"].initial = drafted(self.confirmation, self.verb, "grounds")


class DeemedWithdrawnForm(WithdrawalForm):
    verb = "deem_withdrawn"


class ServeForm(StepForm):
    party = PersonChoice(
        label="送达给谁", error_messages={"invalid_choice": "这个人已经送达，或者不是本件当事人。请看还有谁没有送达。"}
    )
    method = forms.ChoiceField(label="方式", choices=ServiceMethod.choices)

    def prepare(self) -> None:
        self.fields["on"].label = "送达日"
        waiting: list[Party] = unserved_parties(self.confirmation)
        self.fields["party"].offer(waiting, waiting[0] if waiting else None)  # type: ignore[attr-defined]


class ExtendForm(StepForm):
    president = TextField(
        label="批准的院长", max_length=60, help_text="法释〔2011〕5号第五条：经本院院长批准，可以延长十日。"
    )

    def prepare(self) -> None:
        self.fields["on"].label = "批准日"


class DraftRulingForm(StepForm):
    verb = forms.ChoiceField(label="拟作的裁定")
    ground_key = forms.ChoiceField(
        label="法定情形", required=False, choices=[("", "裁定有效、撤回的不用选"), *REJECTION_GROUNDS]
    )
    grounds = TextField(label="裁定理由", max_length=GROUNDS_LENGTH, rows=5)

    def prepare(self) -> None:
        state, draft = self.confirmation.state, self.confirmation.ruling_draft
        rulings = [step for step in CONFIRMATION.values() if step.ruling and state in step.sources]
        self.fields["verb"].choices = [(step.verb, step.label) for step in rulings]  # type: ignore[attr-defined]
        self.fields["on"].widget = forms.HiddenInput()
        for name in ("verb", "ground_key", "grounds"):
            self.fields[name].initial = draft.get(name, "")


class WeighForm(StepForm):
    """可以 or 不行 on one item of the pre-check."""

    key = forms.CharField(max_length=40, widget=forms.HiddenInput)
    ok = forms.TypedChoiceField(
        label="认为",
        choices=[("1", "可以"), ("0", "不行")],
        coerce=lambda value: value == "1",
        widget=forms.RadioSelect,
        empty_value=None,
    )
    text = TextField(label="您的意见", max_length=300, rows=2, required=False)
    segmented = ("ok",)

    def prepare(self) -> None:
        self.fields["on"].required = False
        self.fields["on"].widget = forms.HiddenInput()


class ClaimForm(StepForm):
    def prepare(self) -> None:
        self.fields["on"].required = False
        self.fields["on"].widget = forms.HiddenInput()


def drafted(confirmation: ConfirmationRequest, verb: str, name: str) -> str:
    """What the assistant wrote for this ruling; empty when another one was drafted or none."""
    draft = confirmation.ruling_draft
    return str(draft.get(name, "")) if draft.get("verb") == verb else ""

"""What is typed at each step of a request for assistance, and of the visit: one form a way of doing it."""

from typing import Any

from django import forms

from core.forms import StyledForm
from core.models import User
from core.queries import today
from liaison.actions.assistance_visits import Whereabouts
from liaison.choices import AssistanceKind, RefusedBy, options
from liaison.forms.assistance import text
from liaison.forms.fields import ManyFilesField, ManyFilesInput, past_day
from liaison.models import AssistanceRequest
from liaison.proofs import Record, Witness, lacking, signers

K = AssistanceKind
WITNESSES = (1, 2)
PICTURES = "image/jpeg,image/png,image/heic,.heic,.heif"
PAPERS = f"{PICTURES},application/pdf"


def _photos(label: str = "照片") -> ManyFilesField:
    """Photos from the phone's camera or its album."""
    return ManyFilesField(
        label=label,
        required=False,
        widget=ManyFilesInput({"accept": PICTURES}),
        help_text="jpg、png、heic。照片里带的位置、时间、机型会自动去掉。",
    )


# ── steps ────────────────────────────────────────────────────────────────────
class AssistanceStepForm(StyledForm, forms.Form):
    """What every step has: the version seen."""

    version = forms.IntegerField(widget=forms.HiddenInput)

    def __init__(self, *args: Any, assistance: AssistanceRequest, goers: list[User], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.assistance = assistance
        self.fields["version"].initial = assistance.version
        self.prepare(goers)

    def prepare(self, goers: list[User]) -> None:
        """What depends on the request in hand and on who may be sent."""

    def arguments(self) -> dict[str, Any]:
        """What the action is called with."""
        return self.cleaned_data


class _GoerForm(AssistanceStepForm):
    handler_id = forms.TypedChoiceField(label="谁去办", coerce=int)

    def prepare(self, goers: list[User]) -> None:
        named = [(goer.pk, f"{goer}（{goer.get_role_display()}）") for goer in goers]
        self.fields["handler_id"].choices = [("", "请选择"), *named]  # type: ignore[attr-defined]


class AcceptForm(_GoerForm):
    on = past_day("接收日", initial=today)
    field_order = ("version", "handler_id", "on")


class AssignForm(_GoerForm):
    pass


class DeclineForm(AssistanceStepForm):
    reason = text("为什么退回", length=300, rows=3, required=True, hint="如：人已迁出本镇，村委会证明附后。")
    on = past_day("退回日", initial=today)


class AttachForm(AssistanceStepForm):
    """`shot` opens the phone's camera; several at once come from its album."""

    shot = forms.FileField(
        label="拍一张",
        required=False,
        widget=forms.FileInput({"accept": PICTURES, "capture": "environment"}),
        help_text="在手机上直接打开相机。",
    )
    photos = _photos("从相册选照片")
    receipts = ManyFilesField(
        label="签好的送达回证、笔录",
        required=False,
        widget=ManyFilesInput({"accept": PAPERS}),
        help_text="拍照或扫描，jpg、png、heic、pdf。",
    )

    def arguments(self) -> dict[str, Any]:
        data = self.cleaned_data
        taken = [data["shot"]] if data["shot"] else []
        return {"photos": [*taken, *data["photos"]], "receipts": data["receipts"]}


class ReceiveForm(AssistanceStepForm):
    on = past_day("收讫日", initial=today)


class SendBackForm(AssistanceStepForm):
    """The new last day is the court's, and lies ahead."""

    reason = text("哪里不能用，要补什么", length=300, rows=3, required=True, hint="如：送达回证上没有记明收到日期。")
    due_on = forms.DateField(label="重办的最后一日", help_text="给镇里留出再去一次的时间。")
    on = past_day("退回日", initial=today)


class WithdrawForm(AssistanceStepForm):
    reason = text("为什么撤回", length=300, rows=3, required=True, hint="如：当事人已到法庭领取。")
    on = past_day("撤回日", initial=today)


class _VisitForm(AssistanceStepForm):
    """The day of the visit and where it was; the place is wiped some days later."""

    on = past_day("办理日", initial=today)
    latitude = forms.DecimalField(label="纬度", required=False, max_digits=9, decimal_places=6)
    longitude = forms.DecimalField(label="经度", required=False, max_digits=9, decimal_places=6)
    location_note = text("位置说明", length=120, hint="手机地图上看到的位置，如：村委会东 200 米。可不填，过后会删除。")
    location_fields = ("latitude", "longitude", "location_note")

    def where(self) -> Whereabouts:
        data = self.cleaned_data
        return Whereabouts(data["latitude"], data["longitude"], data["location_note"])


class FailForm(_VisitForm):
    reason = text(
        "为什么没有办成", length=300, rows=4, required=True, hint="去了几次、什么时候、见到谁、人或地方是什么情况。"
    )
    photos = _photos()
    field_order = ("version", "reason", "on", "photos", *_VisitForm.location_fields)

    def arguments(self) -> dict[str, Any]:
        data = self.cleaned_data
        taken = {name: data[name] for name in ("version", "on", "reason", "photos")}
        return taken | {"where": self.where()}


# ── the result, one form a way ───────────────────────────────────────────────
class ResultForm(_VisitForm):
    """The base of what is noted when it was done; `way` is fixed by the page, `kept` photos are there already."""

    way: K
    mark_optional = False  # the conditions stand above the form
    photos = _photos("再附照片")
    receipts = ManyFilesField(
        label="再附签好的回证、笔录",
        required=False,
        widget=ManyFilesInput({"accept": PAPERS}),
    )

    def __init__(self, *args: Any, way: str, kept: int, **kwargs: Any) -> None:
        self.way, self.kept = K(way), kept
        super().__init__(*args, **kwargs)
        last = ("photos", "receipts", "on", *self.location_fields)
        self.order_fields([*(name for name in self.fields if name not in last), *last])

    def record(self) -> Record:
        """What was noted; numbered witness fields become witnesses."""
        given = {name: value for name, value in self.cleaned_data.items() if name in Record.__dataclass_fields__}
        given["photos"] = self.kept + len(self.cleaned_data.get("photos") or [])
        return Record(
            **given
            | {"way": self.way, "is_organisation": self.assistance.is_organisation, "witnesses": self._witnesses()}
        )

    def _witnesses(self) -> tuple[Witness, ...]:
        data = self.cleaned_data
        found = (
            Witness(*(data.get(f"witness{place}_{part}", "") for part in ("name", "organisation", "duty")))
            for place in WITNESSES
        )
        return tuple(each for each in found if each.name or each.organisation)

    def clean(self) -> dict[str, Any]:
        """Every condition that is not met, at its field, so that one visit's form is mended in one go."""
        if not self.errors:
            for need in lacking(self.record()):
                self.add_error(need.field if need.field in self.fields else None, need.says)
        return self.cleaned_data

    def arguments(self) -> dict[str, Any]:
        data = self.cleaned_data
        taken = {name: data[name] for name in ("version", "on", "photos", "receipts")}
        return taken | {"record": self.record(), "where": self.where()}


class _WitnessedForm(ResultForm):
    """Two people of the 基层组织 or the 单位."""

    witness1_name = text("见证人姓名", length=40)
    witness1_organisation = text("单位", length=60, hint="村（居）民委员会、所在单位等。")
    witness1_duty = text("职务", length=40)
    witness2_name = text("第二名见证人姓名", length=40)
    witness2_organisation = text("单位", length=60)
    witness2_duty = text("职务", length=40)


class DirectForm(ResultForm):
    signed_by = forms.ChoiceField(label="谁签收", required=False, widget=forms.RadioSelect)
    signer_name = text("签收人姓名", length=80)
    relation = text("与受送达人的关系", length=30, hint="同住成年家属签收的写，如：配偶、儿子。")
    receipt_signed = forms.BooleanField(label="送达回证上已记明收到日期，签名或者盖章", required=False)
    place = text("送达地点", length=200, hint="不填就是请求里的地址。")

    def prepare(self, goers: list[User]) -> None:
        super().prepare(goers)
        self.fields["on"].label = "签收日"
        who = signers(is_organisation=self.assistance.is_organisation)
        self.fields["signed_by"].choices = options(who)  # type: ignore[attr-defined]


class LeaveForm(_WitnessedForm):
    refused_by = forms.ChoiceField(
        label="谁拒绝接收", choices=RefusedBy.choices, required=False, widget=forms.RadioSelect
    )
    refusal_reason = text("拒收事由", length=300, rows=2, hint="当时怎么说、怎么做的。")
    left_at_home = forms.BooleanField(label="文书留在受送达人的住所", required=False)
    place = text("住所地点", length=200, hint="不填就是请求里的地址。")
    video_kept_at = text("录像存放在哪里", length=120, hint="录了像的写，如：司法所执法记录仪 03 号。录像不上传。")
    field_order = ("version", "refused_by", "refusal_reason", "left_at_home", "place")


class PostForm(ResultForm):
    place = text("张贴在哪里", length=200)
    result = text("张贴的原因和经过", length=1000, rows=3)


class FoundForm(ResultForm):
    result = text("查到的情况", length=1000, rows=4, hint="从哪里知道、知道什么。只有法院和去办的人看得到。")


class SurveyForm(_WitnessedForm):
    led_by = text("法院的勘验人", length=60)
    place = text("勘验地点", length=200)
    result = text("勘验情况", length=1000, rows=4)
    field_order = ("version", "led_by", "place", "result")


class EnforcementForm(_WitnessedForm):
    led_by = text("法院的执行员", length=60)
    result = text("见证的经过", length=1000, rows=4)
    field_order = ("version", "led_by", "result")


class OutreachForm(ResultForm):
    place = text("地点", length=200)
    head_count = forms.IntegerField(label="参加人数", required=False, min_value=0, max_value=100_000)
    result = text("讲了什么", length=1000, rows=3)


RESULT_FORMS: dict[str, type[ResultForm]] = {
    K.SERVE_DIRECT: DirectForm,
    K.SERVE_LEAVE: LeaveForm,
    K.SERVE_POST: PostForm,
    K.FIND_PERSON: FoundForm,
    K.FIND_PROPERTY: FoundForm,
    K.SITE_SURVEY: SurveyForm,
    K.ENFORCEMENT: EnforcementForm,
    K.OUTREACH: OutreachForm,
}
STEP_FORMS: dict[str, type[AssistanceStepForm]] = {
    "accept": AcceptForm,
    "decline": DeclineForm,
    "assign": AssignForm,
    "attach": AttachForm,
    "fail": FailForm,
    "receive": ReceiveForm,
    "send_back": SendBackForm,
    "withdraw": WithdrawForm,
}

"""Forms of the steps of a mediation: start, meeting, end, archive, performance, papers."""

from collections.abc import Mapping, Sequence
from types import MappingProxyType
from typing import Any
from uuid import UUID

from django import forms
from django.conf import settings
from django.urls import reverse

from core.forms import StyledForm
from core.models import User
from core.queries import said, today
from disputes.choices import EndGround
from disputes.forms.fields import DayField, TextField
from disputes.models import Party
from liaison.forms.fields import ManyFilesField, ManyFilesInput
from mediation.choices import Mode, PaperKind, SessionMode
from mediation.models import PerformanceItem

ACCEPTED_FILES = ".jpg,.jpeg,.png,.heic,.heif,.pdf,.docx,.xlsx"
AGREES, SILENT, REFUSES = "agrees", "silent", "refuses"
WILLS = [(AGREES, "同意"), (SILENT, "还没表示"), (REFUSES, "明确拒绝")]


class VersionedForm(StyledForm, forms.Form):
    """A form of a page that may be stale: it carries the version the page was read in."""

    version = forms.IntegerField(widget=forms.HiddenInput, error_messages={"invalid": "页面不完整，请刷新后重做。"})


class WillsForm(VersionedForm):
    """A form that asks each party whose consent is not on file yet; nobody is mediated against their word."""

    segmented: tuple[str, ...] = ("mode",)
    active = forms.BooleanField(
        label="主动调解",
        required=False,
        help_text="双方都没有申请，由调解委员会主动介入（人民调解法第十七条）。有一方明确拒绝的，不得调解。",
    )

    def __init__(self, *args: Any, parties: Sequence[Party], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.silent = [party for party in parties if not party.consents_to_mediation]
        asked = {self._name(party): _will(party) for party in self.silent}
        self.segmented = ("mode", *asked)
        self.put_first(asked)
        if not self.silent:
            del self.fields["active"]

    def put_first(self, asked: Mapping[str, forms.Field]) -> None:
        """Ask these before what the form asks anyway, in the look of the rest."""
        rest = dict(self.fields)
        self.fields.clear()
        self.fields |= {**asked, **rest}
        for name in self.segmented:
            self.fields[name].widget.attrs.setdefault("class", "form-check-input")

    def _name(self, party: Party) -> str:
        return f"will-{party.pk}"

    def who(self, will: str) -> list[UUID]:
        """The parties who answered so."""
        return [party.pk for party in self.silent if self.cleaned_data.get(self._name(party)) == will]


class StartForm(WillsForm):
    """How the mediation starts. `away` says beside a mediator's account that the person is not at work today."""

    on = DayField(label="受理日", initial=today)
    mode = forms.ChoiceField(label="方式", choices=Mode.choices, initial=Mode.OFFLINE, widget=forms.RadioSelect)
    field_order = ("on", "mode", "active")

    def __init__(
        self,
        *args: Any,
        mediators: Sequence[User] = (),
        away: Mapping[int, str] = MappingProxyType({}),
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        if mediators:
            wills = {name: self.fields.pop(name) for name in map(self._name, self.silent)}
            self.put_first({**wills, "mediator": _mediator(mediators, away)})


def _will(party: Party) -> forms.ChoiceField:
    label = f"{party.get_side_display()}{party.name}"
    return forms.ChoiceField(
        label=f"{label}同意调解吗",
        choices=WILLS,
        initial=SILENT,
        widget=forms.RadioSelect,
        help_text="选「同意」表示已告知调解不收费、出于自愿，以及个人信息怎样使用。",
    )


def _mediator(mediators: Sequence[User], away: Mapping[int, str]) -> forms.ChoiceField:
    choices = [("", "请选择"), *[(str(user.pk), f"{user}{away.get(user.pk, '')}") for user in mediators]]
    return forms.ChoiceField(
        label="由谁调解",
        choices=choices,
        error_messages={"required": "请选择由谁调解。", "invalid_choice": "请从本镇（街）的调解员里选。"},
    )


class SessionForm(StyledForm, forms.Form):
    """One meeting of the parties."""

    segmented = ("mode",)
    held_on = DayField(label="日期", initial=today)
    from_time = forms.TimeField(label="开始", required=False)
    to_time = forms.TimeField(label="结束", required=False)
    mode = forms.ChoiceField(
        label="方式", choices=SessionMode.choices, initial=SessionMode.ONSITE, widget=forms.RadioSelect
    )
    place = TextField(label="地点", max_length=100, required=False)
    attended = forms.MultipleChoiceField(
        label="到场的当事人",
        widget=forms.CheckboxSelectMultiple,
        error_messages={
            "required": "请勾选到场的当事人。只见了一方的，勾这一方。",
            "invalid_choice": "请从本件当事人里勾选。",
        },
    )
    others = TextField(
        label="其他参加人", max_length=200, required=False, help_text="亲友、村干部、法官等，写姓名和身份。"
    )
    rights_told = forms.BooleanField(label="已告知双方权利义务、调解规则、协议的效力和司法确认", required=False)
    record = TextField(
        label="调解记录",
        rows=10,
        error_messages={"required": "请写调解记录：双方各说了什么，谈到哪一步。"},
        help_text="双方各说了什么，核实了什么，谈到哪一步。为了让步说的话，不作为以后对他不利的依据。",
    )
    private_note = TextField(
        label="背靠背记录",
        rows=3,
        max_length=20_000,
        required=False,
        help_text="单独谈话的内容。加密保存，只有您本人看得到，不进笔录、不给法院。",
    )

    def __init__(self, *args: Any, parties: Sequence[Party], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choices = [(str(party.pk), f"{party.name}（{party.get_side_display()}）") for party in parties]
        attended = self.fields["attended"]
        assert isinstance(attended, forms.MultipleChoiceField)
        attended.choices = choices

    def meeting(self) -> dict[str, Any]:
        """What was entered, for the action."""
        data = dict(self.cleaned_data)
        return data | {"attended": [UUID(pk) for pk in data["attended"]]}


class FailForm(VersionedForm):
    on = DayField(label="日期", initial=today)
    reason = TextField(label="为什么没有调成", rows=3, help_text="写给以后看卷的人：谈到哪里、差在哪里。")
    ways_told = forms.BooleanField(label="已告知双方可以通过仲裁、行政、司法等途径维护自己的权利", required=False)


class EndForm(VersionedForm):
    ground = forms.ChoiceField(label="终止事由", choices=EndGround.choices, widget=forms.RadioSelect)
    on = DayField(label="终止日", initial=today)
    reason = TextField(label="说明", rows=3)


class ReopenForm(WillsForm):
    on = DayField(label="重新调解的日子", initial=today)
    mode = forms.ChoiceField(label="方式", choices=Mode.choices, initial=Mode.OFFLINE, widget=forms.RadioSelect)
    reason = TextField(label="为什么重新调解", rows=3)
    field_order = ("on", "mode", "active", "reason")


class ArchiveForm(VersionedForm):
    on = DayField(label="归档日", initial=today)
    note = TextField(
        label="情况说明",
        rows=3,
        max_length=300,
        required=False,
        help_text="还有没履行的，写明怎么跟进；有回访的，写回访情况。",
    )


class WaiveForm(VersionedForm):
    on = DayField(label="双方表示的日子", initial=today)


class PerformanceForm(StyledForm, forms.Form):
    item = forms.ChoiceField(label="哪一期", error_messages={"invalid_choice": "这一期已经登记过，请刷新页面。"})
    on = DayField(label="履行的日子", initial=today)
    note = TextField(label="怎样履行的", max_length=300, required=False, help_text="转账、现金、交付实物，谁在场。")
    file = forms.FileField(
        label="凭证",
        required=False,
        widget=forms.FileInput(attrs={"accept": ACCEPTED_FILES}),
        help_text="收条、转账截图的照片或扫描件。",
    )

    def __init__(self, *args: Any, items: Sequence[PerformanceItem], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        item = self.fields["item"]
        assert isinstance(item, forms.ChoiceField)
        item.choices = [(str(one.pk), _item_words(one)) for one in items]


def _item_words(item: PerformanceItem) -> str:
    """第 1 期　还款　12,000 元　2023-09-30"""
    money = f"{item.amount:,.2f} 元".replace(".00 ", " ") if item.amount else ""
    return "　".join(filter(None, (f"第 {item.serial} 期", item.text, money, said(item.due_on))))


class PaperForm(StyledForm, forms.Form):
    """One kind of paper, one file or several: each goes by itself where the page can send it so."""

    upload_limit = settings.UPLOAD_LIMIT

    kind = forms.ChoiceField(label="是什么材料", choices=PaperKind.choices)
    file = ManyFilesField(
        label="文件，可以选几个",
        widget=ManyFilesInput(attrs={"accept": ACCEPTED_FILES, "multiple": True}),
        error_messages={"required": "请选择文件。", "empty": "文件是空的，请重新选。"},
        help_text="照片、PDF、Word 或 Excel，每份不超过 20 MB。照片里的拍摄地点会去掉。",
    )

    def __init__(self, *args: Any, code: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        sent_to = {"data-upload": reverse("mediation:paper-new", args=[code]), "data-list": "#uploaded"}
        self.fields["file"].widget.attrs |= {
            **sent_to,
            "data-with": self.sent_along,
            "data-limit": str(self.upload_limit),
        }

    @property
    def sent_along(self) -> str:
        """The names of what goes with each file."""
        return " ".join(name for name in self.fields if name != "file")


class LatePaperForm(PaperForm):
    """A paper that comes after the file was closed."""

    handed_in_on = DayField(label="收到日", initial=today)
    handed_in_by = TextField(label="谁交来", max_length=60, required=False, help_text="不写就是您本人收集的。")

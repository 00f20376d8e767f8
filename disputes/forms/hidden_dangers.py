"""Reporting a hidden danger: three taps to say what, where and how urgent, the fourth sends."""

from typing import Any
from uuid import uuid4

from django import forms

from core.forms import StyledForm
from core.models import Division
from disputes.choices import DangerKind, Urgency
from disputes.forms.fields import TextField
from liaison.forms.fields import ManyFilesField


class DangerForm(StyledForm, forms.Form):
    """Everything but the line of words and the photographs is a tap. `villages`: the reporter's last one first."""

    kind = forms.ChoiceField(
        label="什么事",
        choices=DangerKind.choices,
        widget=forms.RadioSelect,
        error_messages={"required": "请点一下是什么事。"},
    )
    village = forms.ChoiceField(
        label="在哪个村（社区）", widget=forms.RadioSelect, error_messages={"required": "请点一下在哪里。"}
    )
    urgency = forms.ChoiceField(
        label="急不急",
        choices=Urgency.choices,
        widget=forms.RadioSelect,
        error_messages={"required": "请点一下急不急。"},
    )
    note = TextField(label="一句话", max_length=200, rows=2, required=False)
    photos = ManyFilesField(label="照片", required=False, help_text="拍照的位置信息会自动去掉。")
    idempotency_key = forms.UUIDField(widget=forms.HiddenInput, initial=uuid4)

    def __init__(self, *args: Any, villages: list[Division], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.villages = {village.code: village for village in villages}
        several = len({village.parent_id for village in villages}) > 1
        names = [(row.code, f"{row.parent} {row.short_name}" if several else row.short_name) for row in villages]
        field: Any = self.fields["village"]
        field.choices = names
        self.fields["photos"].widget.attrs |= {"accept": "image/*", "capture": "environment"}


class CloseDangerForm(StyledForm, forms.Form):
    reason = TextField(label="为什么不用登记", max_length=300, rows=2)

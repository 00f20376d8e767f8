"""The town's forms of confirmation: the joint application, and the answer to what the court asked for."""

from collections.abc import Iterable
from typing import Any

from django import forms

from core.forms import StyledForm
from core.queries import today
from disputes.forms.fields import DayField, TextField
from mediation.checklist import CheckItem
from mediation.choices import MaterialKind

ANSWER = "answer_"
ANSWER_LENGTH = 300


class ApplicationForm(StyledForm, forms.Form):
    """What both parties bring; one sentence for each item that a person must judge (`answer_<key>`)."""

    mark_optional = False
    version = forms.IntegerField(required=False, widget=forms.HiddenInput)
    joint = forms.BooleanField(label="双方共同申请，都在申请书上签名或按指印", required=False)
    promise = forms.BooleanField(label="已向双方读过责任承诺，双方都承诺", required=False)
    materials = forms.MultipleChoiceField(label="材料", required=False, widget=forms.CheckboxSelectMultiple)
    on = DayField(label="交到法院的日子", initial=today)

    def __init__(
        self, *args: Any, needed: Iterable[MaterialKind], to_judge: Iterable[CheckItem], **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        materials = self.fields["materials"]
        assert isinstance(materials, forms.MultipleChoiceField)
        materials.choices = [(kind.value, kind.label) for kind in needed]
        for item in to_judge:
            self.fields[f"{ANSWER}{item.key}"] = TextField(
                label=item.title, help_text=item.why, max_length=ANSWER_LENGTH, required=False, rows=2
            )

    def sentences(self) -> list[forms.BoundField]:
        """The fields in which the town writes its sentences."""
        return [self[name] for name in self.fields if name.startswith(ANSWER)]

    def answers(self) -> dict[str, str]:
        """What was written, by the key of the item."""
        data = self.cleaned_data
        return {name.removeprefix(ANSWER): data[name] for name in self.fields if name.startswith(ANSWER)}


class DeliveryForm(StyledForm, forms.Form):
    """What was brought to the court after its notice."""

    version = forms.IntegerField(required=False, widget=forms.HiddenInput)
    on = DayField(label="交到法院的日子", initial=today)
    answer = TextField(label="补了什么", max_length=500, rows=3, help_text="一项一句，写明交了哪些材料、作了什么说明。")

"""Forms of accounts and of what is shown in clear: whose, which fact, what for."""

from typing import Any
from uuid import UUID

from django import forms

from core.forms import StyledForm


class RevealForm(StyledForm, forms.Form):
    """Which fact of a person, and what for; the words are the action's to judge."""

    field = forms.CharField(max_length=40)
    reason = forms.CharField(label="为什么要看", max_length=200, error_messages={"required": "请写明为什么要看。"})


class AskedForm(StyledForm, forms.Form):
    """What an address asks of the list; what cannot be read is left aside."""

    town = forms.CharField(required=False)
    person = forms.UUIDField(required=False)
    tick = forms.ChoiceField(choices=[("none", "")], required=False)

    @property
    def asked(self) -> dict[str, Any]:
        self.full_clean()
        return {"town": "", "person": None, "tick": ""} | self.cleaned_data


class ChosenPeopleForm(StyledForm, forms.Form):
    """The people ticked in a list; who is not in sight is dropped by the action."""

    staff = forms.TypedMultipleChoiceField(coerce=UUID, required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        given = self.data.getlist("staff") if hasattr(self.data, "getlist") else []
        self._staff_field().choices = [(one, one) for one in given]

    def _staff_field(self) -> Any:
        return self.fields["staff"]

    def clean_staff(self) -> list[UUID]:
        return list(dict.fromkeys(self.cleaned_data["staff"]))

"""To whom a leaver's open work goes."""

from collections.abc import Sequence
from typing import Any

from django import forms

from core.forms import StyledForm
from core.models import User


class HandoverForm(StyledForm, forms.Form):
    """`away` says of an account that its person is away today, in words."""

    successor = forms.TypedChoiceField(
        label="接手的人", coerce=int, error_messages={"invalid_choice": "请从同一个镇（街）、同一岗位的人里选。"}
    )

    def __init__(self, *args: Any, successors: Sequence[User], away: dict[int, str], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        chosen = self.fields["successor"]
        assert isinstance(chosen, forms.TypedChoiceField)
        people = [(user.pk, f"{user}{away.get(user.pk, '')}") for user in successors]
        chosen.choices = people if len(people) == 1 else [("", "请选择"), *people]

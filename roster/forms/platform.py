"""Entry into the platform noted for many people on one page."""

from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

from django import forms

from core.forms import StyledForm
from roster.forms.days import past_day
from roster.models import Staff

ACCOUNT_LENGTH = 60


class EntriesForm(StyledForm, forms.Form):
    """Whom to note (ticked on the page), since when, under which organisation; an account a person where it is known.

    Only `people` can be ticked: an id of anybody else is refused, whatever was posted.
    """

    on = past_day("入驻日期")
    organisation = forms.CharField(label="登记的调解组织", max_length=80, help_text="在平台上登记在哪个调解组织名下。")
    staff = forms.MultipleChoiceField(
        label="人员",
        error_messages={
            "required": "还没有勾选人员。请勾选已经入驻的人。",
            "invalid_choice": "所选的有人已经不在这张表里。请看过现在的名单，重新勾选。",
        },
    )

    def __init__(
        self, data: Mapping[str, Any] | None = None, *, people: Sequence[Staff], organisation: str = ""
    ) -> None:
        super().__init__(data, initial={"organisation": organisation})
        self.people = people
        chosen = self.fields["staff"]
        assert isinstance(chosen, forms.MultipleChoiceField)
        chosen.choices = [(str(person.pk), person.name) for person in people]
        for person in people:
            self.fields[f"account-{person.pk}"] = forms.CharField(
                label=f"{person}的平台账号", max_length=ACCOUNT_LENGTH, required=False
            )

    @property
    def accounts(self) -> dict[UUID, str]:
        """Id → account of those ticked."""
        return {UUID(key): self.cleaned_data[f"account-{key}"] for key in self.cleaned_data["staff"]}

    @property
    def ticked(self) -> set[str]:
        """As posted, so that a refused page keeps its ticks."""
        return set(self.data.getlist("staff")) if hasattr(self.data, "getlist") else set()

"""Small forms of the steps on a dispute: route, refer out, end, sign for a warning, look at one field."""

from collections.abc import Iterable
from typing import Any
from uuid import UUID

from django import forms

from core.forms import StyledForm
from core.queries import today
from disputes.actions.parties import REVEALABLE
from disputes.choices import Destination, EndGround
from disputes.forms.fields import DayField, TextField
from disputes.models import Party
from disputes.told_numbers import numbers_in

OPEN_DESTINATIONS = [choice for choice in Destination.choices if choice[0] != Destination.OTHER_AUTHORITY]


class RouteForm(StyledForm, forms.Form):
    mark_optional = False

    destination = forms.ChoiceField(label="去向", choices=OPEN_DESTINATIONS, required=False)
    reason = TextField(label="理由", max_length=200, required=False, help_text="与建议不同时要写。")
    on = DayField(label="分流日", initial=today, help_text="以前就定下来的，写当时那一天；后面各步不能早于它。")


class ReferOutForm(StyledForm, forms.Form):
    office = TextField(label="转给哪个部门", max_length=80, help_text="写全称，例如「太平镇自然资源所」。")
    reason = TextField(label="为什么转", max_length=200, rows=3)
    on = DayField(label="转出日", initial=today)


class EndForm(StyledForm, forms.Form):
    ground = forms.ChoiceField(label="终止事由", choices=EndGround.choices, widget=forms.RadioSelect)
    reason = TextField(label="说明", max_length=500, rows=3)
    on = DayField(label="终止日", initial=today)


class ConsentForm(StyledForm, forms.Form):
    on = DayField(label="同意日", initial=today)


class MoveForm(StyledForm, forms.Form):
    """A number of the story, as it looks masked, and the party it belongs to."""

    masked = TextField(label="号码", max_length=30)
    party_id = forms.TypedChoiceField(label="当事人", coerce=UUID)

    def __init__(self, *args: Any, parties: Iterable[Party], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field: Any = self.fields["party_id"]
        field.choices = [(str(party.pk), party.name) for party in parties]


class ToldForm(StyledForm, forms.Form):
    """The numbers of a story as it is typed, each with whose it is; named as they look masked, moved on saving."""

    mark_optional = False

    def __init__(self, data: Any = None, *, story: str, parties: Iterable[Party]) -> None:
        super().__init__(data, prefix="told")
        whose = [(str(party.pk), f"移到{party.get_side_display()}{party.name}") for party in parties]
        for told in numbers_in(story):
            self.fields[told.masked] = forms.TypedChoiceField(
                label=f"经过里的{told.label} {told.masked}",
                choices=[("", "留在经过里"), *whose],
                coerce=UUID,
                empty_value=None,
                required=False,
            )

    def moves(self) -> dict[str, UUID]:
        """Whose each number is that is to be moved."""
        return {masked: party for masked, party in self.cleaned_data.items() if party}


class AcknowledgeForm(StyledForm, forms.Form):
    measures = TextField(label="已采取的措施", max_length=300, rows=2)


class LowerForm(StyledForm, forms.Form):
    reason = TextField(label="为什么可以解除", max_length=200, rows=2)


class CloseForm(StyledForm, forms.Form):
    reason = TextField(label="为什么可以了结", max_length=300, rows=2)


class RevealForm(StyledForm, forms.Form):
    field = forms.ChoiceField(choices=list(REVEALABLE.items()), widget=forms.HiddenInput)
    reason = TextField(label="为什么要看", max_length=200)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["field"].label = "要看的一项"

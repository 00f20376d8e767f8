"""One meeting for several disputes of a group: which, who was there, what was said."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from django import forms

from core.privacy import mask_text
from disputes.models import Dispute, Party
from mediation.forms.mediation import SessionForm


class GroupSessionForm(SessionForm):
    """As a session of one dispute; whoever stands in several disputes is ticked once."""

    disputes = forms.MultipleChoiceField(
        label="哪几件一起谈的",
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": "请至少勾两件。", "invalid_choice": "请从这一组里勾选。"},
    )

    def __init__(self, *args: Any, disputes: Sequence[Dispute], **kwargs: Any) -> None:
        super().__init__(*args, parties=[], **kwargs)
        del self.fields["private_note"]  # a talk with one side belongs to the one dispute
        self.people = _people(disputes)
        named = [(key, _called(parties)) for key, parties in self.people.items()]
        self._offer("attended", named)
        self._offer("disputes", [(str(one.pk), f"{one.code}　{mask_text(one.title)}") for one in disputes])
        self.fields["disputes"].initial = [str(one.pk) for one in disputes]

    def _offer(self, name: str, choices: list[tuple[str, str]]) -> None:
        field = self.fields[name]
        assert isinstance(field, forms.MultipleChoiceField)
        field.choices = choices

    def meeting(self) -> dict[str, Any]:
        """What was entered, for the action."""
        data = dict(self.cleaned_data)
        there: list[UUID] = [party.pk for key in data["attended"] for party in self.people[key]]
        return data | {"attended": there, "dispute_ids": [int(pk) for pk in data.pop("disputes")]}


def _people(disputes: Sequence[Dispute]) -> dict[str, list[Party]]:
    """The parties by person: under one number, without one by name and side. The key is that of the first of them."""
    found: dict[tuple[str, ...], list[Party]] = {}
    for dispute in disputes:
        for party in dispute.parties.all():
            found.setdefault((party.id_hash,) if party.id_hash else (party.side, party.name), []).append(party)
    return {str(parties[0].pk): parties for parties in found.values()}


def _called(parties: list[Party]) -> str:
    first, many = parties[0], len(parties)
    return f"{first.name}（{first.get_side_display()}{f'，{many} 件' if many > 1 else ''}）"

"""The story, where it happened, how it came in: registering a dispute and correcting it."""

import re
from collections.abc import Collection, Iterable
from functools import cache, cached_property, partial
from typing import Any, cast
from uuid import uuid4

from django import forms

from core.forms import StyledForm, with_numbers_back
from core.models import Division, User
from core.privacy import mask_text
from core.queries import today
from disputes import limits, queries
from disputes.choices import NoticeHow, Source
from disputes.forms.fields import DayField, MoneyField, TextField, refusals
from disputes.models import CaseType, Dispute

PARTY_TYPED = "name|phone|id_number|address|home|guardian_name|guardian_phone|agent_name|agent_phone|assisted_by"
TYPED = rf"narrative|amount|platform_number|answers-\w+|parties-\d+-({PARTY_TYPED})"


class VillageField(forms.ChoiceField):
    """A village of the user's towns: one that is posted is looked up by its form, the list is read when it is drawn."""

    def valid_value(self, _value: Any) -> bool:
        return True


class PlaceAndStoryForm(StyledForm, forms.Form):
    """What intake and correction share. `village_called` serves the action too."""

    shares_fields = True

    narrative = TextField(
        label="经过", rows=7, help_text="照当事人的话记：谁、什么时候、什么事、要多少、想怎样。", strip=True
    )
    village = VillageField(
        label="纠纷在哪个村（社区）",
        widget=forms.Select(attrs={"data-narrow": "打两个字找村（社区）"}),
        error_messages={"required": "请选择村（社区）。"},
    )
    source = forms.ChoiceField(label="怎么来的", choices=Source.choices, initial=Source.VISIT)
    amount = MoneyField(label="标的额（元）", required=False, about=True)
    platform_number = TextField(
        label="调解平台编号", max_length=60, required=False, help_text="已在法院调解平台登记的，填平台的编号。"
    )

    def __init__(self, *args: Any, user: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.user = user
        self.village_called = cache(partial(queries.village_of, user))

    def _dress(self) -> None:
        super()._dress()
        cast("Any", self.fields["village"]).choices = self._villages_offered

    def _villages_offered(self) -> list[tuple[str, str]]:
        return [("", "请选择"), *_labelled(self.villages.values())]

    def _is_offered(self, village: str) -> bool:
        return self.village_called(village) is not None

    @cached_property
    def villages(self) -> dict[str, Division]:
        """All of the user's, by code."""
        return {row.code: row for row in queries.villages_of(self.user)}

    def clean_village(self) -> str:
        village = str(self.cleaned_data["village"])
        if not self._is_offered(village):
            words = self.fields["village"].error_messages["invalid_choice"]
            raise forms.ValidationError(words, "invalid_choice", {"value": village})
        return village

    def clean_narrative(self) -> str:
        with refusals():
            limits.check_story(self.cleaned_data["narrative"])
        return str(self.cleaned_data["narrative"])

    def clean_amount(self) -> Any:
        with refusals():
            limits.check_amount(self.cleaned_data["amount"])
        return self.cleaned_data["amount"]


def _labelled(villages: Collection[Division]) -> list[tuple[str, str]]:
    """Choices of villages; names repeat between towns, so with several towns each says its town."""
    several = len({village.parent_id for village in villages}) > 1
    return [(row.code, f"{row.parent}　{row.short_name}" if several else row.short_name) for row in villages]


class IntakeForm(PlaceAndStoryForm):
    case_type = TextField(label="纠纷类型", max_length=20, required=False)  # drawn by the panel, known to the action
    registered_on = DayField(label="登记日", initial=today)
    informed = forms.BooleanField(
        label="已告知：调解不收费、双方自愿、随时可以起诉；个人信息只用于办理本件", required=False
    )
    informed_how = forms.ChoiceField(
        label="怎样告知的", choices=NoticeHow.choices, initial=NoticeHow.ORAL, required=False
    )
    idempotency_key = forms.UUIDField(widget=forms.HiddenInput, initial=uuid4)
    danger = forms.IntegerField(label="苗头隐患", widget=forms.HiddenInput, required=False)

    def clean_registered_on(self) -> Any:
        with refusals():
            limits.check_day(self.cleaned_data["registered_on"], today=today())
        return self.cleaned_data["registered_on"]


def is_begun(fields: Iterable[tuple[str, str]]) -> bool:
    """Whether anything was typed into the form, beside what it shows by itself."""
    return any(value.strip() and re.fullmatch(TYPED, name) for name, value in fields)


class CorrectionForm(PlaceAndStoryForm):
    """A registered dispute, with the version it was read in: a stale page is not saved over somebody's work.

    Numbers in the story are shown masked; those left masked are saved as they were.
    """

    segmented = ("case_type",)

    case_type = forms.ChoiceField(label="纠纷类型", widget=forms.RadioSelect)
    version = forms.IntegerField(widget=forms.HiddenInput)

    def __init__(self, *args: Any, dispute: Dispute, **kwargs: Any) -> None:
        names = ("source", "narrative", "amount", "platform_number", "version")
        self.story = dispute.narrative
        initial = {name: getattr(dispute, name) for name in names} | {"narrative": mask_text(self.story)}
        initial |= {"village": dispute.division_id, "case_type": dispute.case_type_id}
        super().__init__(*args, initial=initial, **kwargs)
        self.types = {row.key: row for row in queries.case_types()} | {dispute.case_type_id: dispute.case_type}
        self.own("case_type").choices = [(row.key, row.name) for row in self.types.values()]
        self.type_now = dispute.case_type
        self.town_code = dispute.town_code

    @cached_property
    def villages(self) -> dict[str, Division]:
        """Those of the dispute's town, by code."""
        return {code: row for code, row in super().villages.items() if code.startswith(self.town_code)}

    def _villages_offered(self) -> list[tuple[str, str]]:
        return [(code, row.short_name) for code, row in self.villages.items()]

    def _is_offered(self, village: str) -> bool:
        return village in self.villages

    def type_called(self, key: str) -> CaseType:
        """The type behind a choice as posted; that of the dispute for one that is not offered."""
        return self.types.get(key, self.type_now)

    def clean_narrative(self) -> str:
        typed = self.cleaned_data["narrative"]
        self.cleaned_data["narrative"] = with_numbers_back(self.fields["narrative"], typed, self.story)
        return super().clean_narrative()

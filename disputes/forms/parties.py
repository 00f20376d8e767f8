"""The parties of an intake, and one party later: what a phone at the counter can ask for."""

from collections.abc import Mapping
from typing import Any, cast

from django import forms
from django.forms.formsets import TOTAL_FORM_COUNT

from core.choices import Sex
from core.forms import PlainFormSet, StyledForm
from core.privacy import mask_address, mask_id_number, mask_phone
from core.queries import today
from disputes import limits
from disputes.actions.parties import PartyData
from disputes.choices import PartyKind, Side
from disputes.forms.fields import TextField, refusals
from disputes.identity import read_identity, read_name, read_phone
from disputes.models import Party
from disputes.queries import find_home, home_label

PARTY_FIELDS = (
    "side", "kind", "name", "phone", "id_number", "sex", "address", "home", "agent_name", "assisted_by", "consents",
)  # fmt: skip
OFF = {"autocomplete": "off"}
START_WITH = 2


class PartyForm(StyledForm, forms.Form):
    """One party. Left wholly empty it counts as nobody, except the first of an intake."""

    segmented = ("side", "kind")
    folded: tuple[str, ...] = ("id_number", "sex", "address", "home", "agent_name", "assisted_by")
    said_by_hand = ("name", "phone", "id_number", "address", "home", "agent_name", "assisted_by")

    side = forms.ChoiceField(label="地位", choices=Side.choices, widget=forms.RadioSelect, initial=Side.RESPONDENT)
    kind = forms.ChoiceField(
        label="性质", choices=PartyKind.choices, widget=forms.RadioSelect, initial=PartyKind.PERSON
    )
    name = TextField(label="姓名或单位", max_length=80, widget=forms.TextInput(attrs=OFF))
    phone = TextField(
        label="手机或电话", max_length=30, required=False, widget=forms.TextInput(attrs={**OFF, "inputmode": "tel"})
    )
    id_number = TextField(
        label="证件号码",
        max_length=30,
        required=False,
        widget=forms.TextInput(attrs={**OFF, "autocapitalize": "characters"}),
        help_text="居民身份证；单位填统一社会信用代码。",
    )
    sex = forms.ChoiceField(label="性别", choices=[("", "未填"), *Sex.choices], required=False)
    address = TextField(label="住址", max_length=200, required=False, widget=forms.TextInput(attrs=OFF))
    home = TextField(
        label="户籍、常住的镇（街）或村",
        max_length=60,
        required=False,
        widget=forms.TextInput(attrs={**OFF, "list": "homes"}),
        help_text="双方不在一个镇（街）的要填；外县的不用填。",
    )
    agent_name = TextField(label="代理人", max_length=60, required=False, widget=forms.TextInput(attrs=OFF))
    assisted_by = TextField(
        label="协助人",
        max_length=60,
        required=False,
        widget=forms.TextInput(attrs=OFF),
        help_text="不便使用手机、看不清或不识字的，写谁在旁协助并读给本人听。",
    )
    consents = forms.BooleanField(label="本人同意调解", required=False)

    def has_changed(self) -> bool:
        return any(str(self.data.get(self.add_prefix(name)) or "").strip() for name in self.said_by_hand)

    def is_told_more(self) -> bool:
        """Whether something stands in the folded part of the form, or is wrong there."""
        return any(self[name].value() or self[name].errors for name in self.folded)

    def clean_name(self) -> str:
        with refusals():
            return read_name(self.cleaned_data["name"])

    def clean_home(self) -> str:
        """The code of the place that was named; empty for none."""
        if not self.cleaned_data["home"]:
            return ""
        with refusals():
            return find_home(self.cleaned_data["home"]).code

    def clean_phone(self) -> str:
        with refusals():
            return read_phone(self.cleaned_data["phone"])

    def clean_id_number(self) -> str:
        kind = self.cleaned_data.get("kind", PartyKind.PERSON)
        with refusals():
            identity = read_identity(kind, self.cleaned_data["id_number"], today=today())
        if identity.sex:
            self.cleaned_data["sex_of_number"] = identity.sex
        return identity.number

    def clean_sex(self) -> str:
        sex, of_number = self.cleaned_data["sex"], self.cleaned_data.get("sex_of_number", "")
        if sex and of_number and sex != of_number:
            raise forms.ValidationError(f"证件号码上是「{Sex(of_number).label}」，请核对号码或这里。")
        return sex or of_number

    def party(self) -> PartyData:
        """What was entered, for an action."""
        return PartyData(**{name: self.cleaned_data[name] for name in PARTY_FIELDS})


class BasePartyFormSet(PlainFormSet):
    """The parties of an intake: the first is the applicant, who leaves a telephone number.

    `typed`: what was typed so far, to be shown again without complaints and with `more` empty parties.
    """

    def __init__(self, *args: Any, typed: Mapping[str, str] | None = None, more: int = 1, **kwargs: Any) -> None:
        self.typed, self.more = typed, more
        super().__init__(*args, **kwargs)

    def total_form_count(self) -> int:
        if self.typed is None:
            return int(super().total_form_count())
        count = self.typed.get(f"{self.prefix}-{TOTAL_FORM_COUNT}", "")
        return min(int(count) + self.more if count.isdecimal() else START_WITH, limits.PARTIES_MAX)

    def get_form_kwargs(self, index: int | None) -> dict[str, Any]:
        first = index == 0
        initial: dict[str, Any] = {"side": Side.APPLICANT if first else Side.RESPONDENT}
        initial["kind"] = PartyKind.PERSON
        if self.typed is not None and f"{self.prefix}-{index}-name" in self.typed:
            initial |= {name: self.typed.get(f"{self.prefix}-{index}-{name}", "") for name in PARTY_FIELDS}
        return {**super().get_form_kwargs(index), "initial": initial}

    def add_fields(self, form: forms.Form, index: int | None) -> None:
        super().add_fields(form, index)
        if index in (0, 1):
            form.fields["side"].widget = forms.HiddenInput()
        if index == 0:
            assert isinstance(form, PartyForm)
            form.folded = form.folded[1:]  # an applicant's number is asked for in the open
            form.fields["phone"].required = True
            form.fields["phone"].error_messages["required"] = "请留一个联系电话，约时间、送文书都要用。"
            form.fields["name"].error_messages["required"] = "请填写申请人姓名。"

    def clean(self) -> None:
        """Nobody twice, whichever way the number was spaced."""
        seen: set[str] = set()
        for form in self.entered():
            number = form.cleaned_data.get("id_number") or ""
            if number and number in seen:
                form.add_error("id_number", "这个号码上面已经填过，请核对是不是同一个人。")
            seen.add(number)
        if not any(self.errors) and not any(form.party().side == Side.APPLICANT for form in self.entered()):
            raise forms.ValidationError("至少要有一名申请人。")

    def entered(self) -> list[PartyForm]:
        """The forms of the parties that were really entered and read without error."""
        return [form for form in self.forms if form.has_changed() and form.is_valid()]


PartyFormSet = cast(
    "type[BasePartyFormSet]",
    forms.formset_factory(
        PartyForm,
        formset=BasePartyFormSet,
        min_num=1,
        extra=1,
        max_num=limits.PARTIES_MAX,
        absolute_max=limits.PARTIES_MAX,
        validate_max=True,
    ),
)


class PartyUpdateForm(PartyForm):
    """A stored party. Numbers and address are not shown: left empty they stay as they are."""

    def __init__(self, *args: Any, party: Party, **kwargs: Any) -> None:
        names = ("side", "kind", "name", "sex", "agent_name", "assisted_by")
        initial = {name: getattr(party, name) for name in names}
        initial["home"] = home_label(party.home) if party.home else ""
        super().__init__(*args, initial={**initial, "consents": party.consents_to_mediation}, **kwargs)
        kept = {
            "id_number": mask_id_number(party.id_number),
            "phone": mask_phone(party.phone),
            "address": mask_address(party.address),
        }
        for name, shown in kept.items():
            if shown:
                self.fields[name].help_text = f"现在是 {shown}，不改就留空。"

"""The parties of an intake, and one party later: what a phone at the counter can ask for."""

from collections.abc import Mapping
from dataclasses import fields
from typing import Any, cast

from django import forms
from django.forms.formsets import TOTAL_FORM_COUNT

from core.addresses import number_in
from core.choices import Sex
from core.errors import Refused
from core.forms import PlainFormSet, StyledForm, add_refusal
from core.privacy import mask_address, mask_id_number, mask_phone
from core.queries import today
from disputes import limits
from disputes.actions.parties import PartyData
from disputes.choices import AgentKind, Capacity, PartyKind, Side
from disputes.forms.fields import TextField, refusals
from disputes.identity import KnownBy, read_identity, read_name, read_phone
from disputes.models import Party
from disputes.queries import find_home, home_label
from disputes.standing import Beside, check_beside, helper_lacks

PARTY_FIELDS = tuple(one.name for one in fields(PartyData) if one.name != "born_on")
TOLD_EARLY = ("name", "phone", "id_number", "kind", "capacity", "guardian_name", "agent_name", "agent_kind")
OFF = {"autocomplete": "off"}
GUARDIAN = ("capacity", "guardian_name", "guardian_relation", "guardian_phone")
AGENT = ("agent_name", "agent_kind", "agent_phone", "agent_authorised")
HELPER = ("assisted_by", "assisted_relation", "assistance_agreed", "read_aloud")
FOLDED = {"id_number": "证件号码", "sex": "性别", "address": "住址", "home": "户籍地"}
START_WITH = 2


def _text(label: str, length: int, *, help_text: str = "", **attrs: str) -> TextField:
    """A line that may stay empty and that no browser fills in by itself."""
    widget = forms.TextInput(attrs={**OFF, **attrs})
    return TextField(label=label, max_length=length, required=False, help_text=help_text, widget=widget)


NO_PHONE = "请留一个联系电话，约时间、送文书都要用。"
ABOUT = ("id_number", "sex", "address", "home")
FIRST_SIDES = (Side.APPLICANT, Side.RESPONDENT)  # who is entered first, who second


class PartyForm(StyledForm, forms.Form):
    """One party. Left wholly empty it counts as nobody, except the first of an intake."""

    segmented = ("side", "kind", "agent_kind")
    shares_fields = True
    place: int | None = None  # in the intake, from 0; none for a party added to a dispute
    said_by_hand = (
        "name", "phone", "id_number", "address", "home", "guardian_name", "guardian_phone", "agent_name",
        "agent_phone", "assisted_by",
    )  # fmt: skip

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
    capacity = forms.ChoiceField(
        label="行为能力",
        choices=[("", "按年龄"), *Capacity.choices],
        required=False,
        help_text="满十六周岁、靠自己劳动生活的，选完全民事行为能力（民法典第十八条）。",
    )
    guardian_name = _text("监护人", 60)
    guardian_relation = _text("监护人是本人的", 20, help_text="如：父亲、祖母。")
    guardian_phone = _text("监护人电话", 30, inputmode="tel")
    agent_name = _text("代理人", 60)
    agent_kind = forms.ChoiceField(
        label="怎样代理", choices=[("", "未填"), *AgentKind.choices], required=False, widget=forms.RadioSelect
    )
    agent_phone = _text("代理人电话", 30, inputmode="tel")
    agent_authorised = forms.BooleanField(label="交了授权委托书", required=False)
    assisted_by = _text("协助人", 60, help_text="不便使用手机、看不清或不识字的，写谁在旁协助并读给本人听。")
    assisted_relation = _text("协助人是本人的", 20, help_text="如：女儿、邻居、村干部。")
    assistance_agreed = forms.BooleanField(label="本人同意由其协助", required=False)
    read_aloud = forms.BooleanField(label="登记的内容已读给本人听", required=False)
    consents = forms.BooleanField(label="本人同意调解", required=False)

    def stands_at(self, place: int | None) -> None:
        """Say which party of the intake it is: the first is the applicant, who leaves a telephone number."""
        self.place = place
        if not self._shared:
            self._dress_place()

    def _take_own(self) -> None:
        super()._take_own()
        self._dress_place()

    def _dress_place(self) -> None:
        if self.place is None:
            return
        side, phone, name = (self.fields[name] for name in ("side", "phone", "name"))
        side.error_messages["required"] = "请选这个人是哪一方。"
        if self.place < len(FIRST_SIDES):
            side.widget = forms.HiddenInput()
        if self.place == 0:
            phone.required = True
            phone.error_messages["required"] = NO_PHONE
            name.error_messages["required"] = "请填写申请人姓名。"

    @property
    def about(self) -> tuple[str, ...]:
        """What is folded away; an applicant's number is asked for in the open."""
        return ABOUT[1:] if self.place == 0 else ABOUT

    def has_changed(self) -> bool:
        return any(str(self.data.get(self.add_prefix(name)) or "").strip() for name in self.said_by_hand)

    def groups(self) -> list[tuple[str, list[forms.BoundField], bool]]:
        """The folded parts: what each is about, its fields, whether something stands in it or is wrong there."""
        parts = (
            ("、".join(FOLDED[name] for name in self.about), self.about),
            ("未成年、不能自己作主的", GUARDIAN),
            ("代理人", AGENT),
            ("有人在旁协助的", HELPER),
        )
        found = [(words, [self[name] for name in names]) for words, names in parts]
        return [(words, rows, any(one.value() or one.errors for one in rows)) for words, rows in found]

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
        if self.place == 0 and not self.cleaned_data["phone"]:  # read with the field of all, which may stay empty
            raise forms.ValidationError(NO_PHONE)
        with refusals():
            return read_phone(self.cleaned_data["phone"])

    def clean_guardian_phone(self) -> str:
        with refusals():
            return read_phone(self.cleaned_data["guardian_phone"])

    def clean_agent_phone(self) -> str:
        with refusals():
            return read_phone(self.cleaned_data["agent_phone"])

    def clean_id_number(self) -> str:
        if not self.cleaned_data["id_number"]:
            return ""
        kind = self.cleaned_data.get("kind", PartyKind.PERSON)
        with refusals():
            identity = read_identity(kind, self.cleaned_data["id_number"], today=today())
        if identity.sex:
            self.cleaned_data |= {"sex_of_number": identity.sex, "born_of_number": identity.born_on}
        return identity.number

    def clean_sex(self) -> str:
        sex, of_number = self.cleaned_data["sex"], self.cleaned_data.get("sex_of_number", "")
        if sex and of_number and sex != of_number:
            raise forms.ValidationError(f"证件号码上是「{Sex(of_number).label}」，请核对号码或这里。")
        return sex or of_number

    def clean(self) -> dict[str, Any]:
        """What is said of a guardian, an agent or a helper needs their name."""
        given: dict[str, Any] = {one.name: self.cleaned_data.get(one.name) or one.default for one in fields(Beside)}
        try:
            check_beside(Beside(**given))
        except Refused as refused:
            add_refusal(self, refused)
        return self.cleaned_data

    def party(self) -> PartyData:
        """What was entered, for an action."""
        return PartyData(**{name: self.cleaned_data[name] for name in PARTY_FIELDS})

    def as_far_as_told(self) -> Party:
        """Unsaved, with what reads without error."""
        told = self.cleaned_data
        return Party(**{name: told.get(name, "") for name in TOLD_EARLY}, born_on=told.get("born_of_number"))

    @property
    def lacks_guardian(self) -> bool:
        """Whether somebody must act for them and nobody is named; by what is told of them so far."""
        told = self.cleaned_data
        return bool(told.get("capacity") or told.get("born_of_number")) and self.as_far_as_told().lacks_guardian


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
        told = number_in(count)
        return min(START_WITH if told is None else told + self.more, limits.PARTIES_MAX)

    def get_form_kwargs(self, index: int | None) -> dict[str, Any]:
        # Whose side a further person is on is asked: a fellow worker must not become a respondent unnoticed.
        side = FIRST_SIDES[index] if index is not None and index < len(FIRST_SIDES) else None
        initial: dict[str, Any] = {"side": side, "kind": PartyKind.PERSON}
        if self.typed is not None and f"{self.prefix}-{index}-name" in self.typed:
            initial |= {name: self.typed.get(f"{self.prefix}-{index}-{name}", "") for name in PARTY_FIELDS}
        return {**super().get_form_kwargs(index), "initial": initial}

    def reminders(self) -> list[str]:
        """What is still lacking of the people entered, none of which keeps the dispute from being registered."""
        entered = self.entered()
        words = []
        if wards := [form.cleaned_data["name"] for form in entered if form.lacks_guardian]:
            words.append(f"{'、'.join(wards)}没有完全民事行为能力，起草协议前要补登监护人。")
        for told in (form.cleaned_data for form in entered):
            noted = {"agreed": told["assistance_agreed"], "read_aloud": told["read_aloud"]}
            if lacking := helper_lacks(told["assisted_by"].strip(), **noted):
                words.append(f"{told['name']}由{told['assisted_by'].strip()}协助，还没有记下{lacking}。")
        return words

    def add_fields(self, form: forms.Form, index: int | None) -> None:
        super().add_fields(form, index)
        assert isinstance(form, PartyForm)
        form.stands_at(index)

    def clean(self) -> None:
        """Nobody twice (`disputes.identity.KnownBy`), whichever way a number was spaced."""
        seen: list[KnownBy] = []
        for form in self.entered():
            told = form.cleaned_data
            known = KnownBy(told["side"], told["name"], told.get("id_number") or "", told.get("phone") or "")
            same = next((other for other in seen if known.is_same_as(other)), None)
            if same is None:
                seen.append(known)
            elif known.number and same.number:
                form.add_error("id_number", "这个号码上面已经填过，请核对是不是同一个人。")
            else:
                form.add_error("name", "这个人上面已经填过。同名的两个人，请填上证件号码区分。")
        if not any(self.errors) and not any(form.party().side == Side.APPLICANT for form in self.entered()):
            raise forms.ValidationError("至少要有一名申请人。")

    def entered(self) -> list[PartyForm]:
        """The forms of the parties that were really entered and read without error."""
        return [form for form in self.forms if form.has_changed() and form.is_valid()]

    def as_far_as_told(self) -> list[Party]:
        """Whom the register may be asked about while the form is filled: unsaved, with what reads without error."""
        told = [form for form in self.forms if form.has_changed() and (form.is_valid() or form.cleaned_data)]
        return [form.as_far_as_told() for form in told]


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
        hidden = ("id_number", "phone", "address", "home", "guardian_phone", "agent_phone", "consents")
        initial = {name: getattr(party, name) for name in PARTY_FIELDS if name not in hidden}
        initial["home"] = home_label(party.home) if party.home else ""
        super().__init__(*args, initial={**initial, "consents": party.consents_to_mediation}, **kwargs)
        kept = {
            "id_number": mask_id_number(party.id_number),
            "phone": mask_phone(party.phone),
            "address": mask_address(party.address),
            "guardian_phone": mask_phone(party.guardian_phone),
            "agent_phone": mask_phone(party.agent_phone),
        }
        for name, shown in kept.items():
            if shown:
                self.own(name).help_text = f"现在是 {shown}，不改就留空。"

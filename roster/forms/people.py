"""Forms about one person: facts, terms of office, days away, entry into the platform."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from django import forms

from core.choices import Sex
from core.forms import StyledForm, with_numbers_back
from core.models import User
from core.queries import said, today
from roster.annex.facts import FACTS, StaffFacts
from roster.annex.masks import MASKS
from roster.births import birth_months
from roster.choices import MediatorKind, TeamRole
from roster.forms.days import past_day
from roster.forms.imports import town_choices
from roster.id_card import IdCard, read_id_number
from roster.models import Staff
from roster.models.people import TermFacts
from roster.names import is_like_a_name, tidy_name
from roster.phones import phone_problem, tidy_phone
from roster.rules import may_fill_seat

FIELDS = FACTS
TEXTS = ("unit_and_duty", "note")
MASK, ADDRESS_LENGTH, TEXT_LENGTH = "*", 200, 2000
ORGANISATION_HELP = "在平台上登记在哪个调解组织名下。"
AS_IT_IS = "不改的，照原样留着。"


def masked(facts: StaffFacts) -> dict[str, str]:
    """The facts as a page may show them."""
    return {name: MASKS.get(name, str)(value) for name, value in facts.as_dict().items()}


class FactsForm(StyledForm, forms.Form):
    """The annex's facts of one person. A field left as the mask showed it keeps its value.

    `version` is that of the page; when `is_stale` it was masked from other values, so that any mask is kept.
    """

    name = forms.CharField(label="姓名", max_length=60)
    born = forms.CharField(
        label="出生年月", max_length=30, required=False, help_text="公历，如 1985-03。空着由证件号补上。"
    )
    sex = forms.ChoiceField(label="性别", choices=[("", "（由证件号补上）"), *Sex.choices], required=False)
    unit_and_duty = forms.CharField(label="所在单位及职务", max_length=TEXT_LENGTH, required=False)
    id_number = forms.CharField(label="身份证号码", max_length=60, required=False, help_text=AS_IT_IS)
    phone = forms.CharField(
        label="联系电话", max_length=120, required=False, help_text=f"两个号码用「/」隔开。{AS_IT_IS}"
    )
    registered_address = forms.CharField(
        label="户籍地址", max_length=ADDRESS_LENGTH, required=False, help_text=AS_IT_IS
    )
    contact_address = forms.CharField(label="通讯地址", max_length=ADDRESS_LENGTH, required=False, help_text=AS_IT_IS)
    note = forms.CharField(label="备注", max_length=TEXT_LENGTH, required=False)
    version = forms.IntegerField(widget=forms.HiddenInput)

    def __init__(self, data: Mapping[str, Any] | None = None, *, facts: StaffFacts, version: int) -> None:
        super().__init__(data, initial=masked(facts) | {"version": version})
        self.known, self.stands = facts, version

    @property
    def is_stale(self) -> bool:
        return bool(self.cleaned_data.get("version", self.stands) != self.stands)

    def clean(self) -> dict[str, Any]:
        """Values as they are to be kept; what the page masked is put back in its place."""
        data = self.cleaned_data
        for name in MASKS:
            data[name] = self._unmasked(name, data.get(name, ""))
        data["name"] = tidy_name(data.get("name", ""))
        if not is_like_a_name(data["name"]):
            self.add_error("name", "里面有数字或符号，不像姓名，请核对。")
        self._tidy_phone(data)
        card = self._card(data)
        self._check_birth(data, card)
        self._check_sex(data, card)
        return data

    @property
    def facts(self) -> StaffFacts:
        return StaffFacts(**{name: self.cleaned_data[name] for name in FIELDS})

    def _unmasked(self, name: str, value: str) -> str:
        kept: str = getattr(self.known, name)
        if value == MASKS[name](kept) or (self.is_stale and MASK in value):
            return kept
        if name in TEXTS:
            return self._numbers_put_back(name, value, kept)
        if MASK in value:
            self.add_error(name, "带 * 的不能保存。要改，请写全；不改，请照原样留着。")
        return value

    def _numbers_put_back(self, name: str, value: str, kept: str) -> str:
        try:
            return with_numbers_back(self.fields[name], value, kept)
        except forms.ValidationError as error:
            self.add_error(name, error)
            return value

    def _is_kept(self, name: str, data: Mapping[str, Any]) -> bool:
        return bool(data[name] == getattr(self.known, name))

    def _tidy_phone(self, data: dict[str, Any]) -> None:
        if self._is_kept("phone", data) or "phone" in self.errors:
            return
        phone = tidy_phone(data["phone"])
        if phone is None:
            self.add_error("phone", phone_problem(data["phone"]))
        else:
            data["phone"] = phone

    def _card(self, data: dict[str, Any]) -> IdCard | None:
        if not data["id_number"] or "id_number" in self.errors:
            return None
        found = read_id_number(data["id_number"], today=today())
        if isinstance(found, IdCard):
            data["id_number"] = found.number
            return found
        if not self._is_kept("id_number", data):
            self.add_error("id_number", found.message)
        return None

    def _check_birth(self, data: dict[str, Any], card: IdCard | None) -> None:
        text = data.get("born", "")
        months = birth_months(text, today=today()) if text else ()
        if text and not months:
            self.add_error("born", "认不出这个日期。请写公历年月，如 1985-03。")
        elif months and card and card.born_month not in months:
            self.add_error("born", f"与身份证号码不一致：号码里是 {card.born_month}，请核对哪个对。")
        else:
            data["born"] = card.born_month if card else next(iter(months), "")

    def _check_sex(self, data: dict[str, Any], card: IdCard | None) -> None:
        if card and data.get("sex") and data["sex"] != card.sex:
            self.add_error("sex", f"与身份证号码不一致：号码里是{Sex(card.sex).label}，请核对哪个对。")
        elif card and not data.get("sex"):
            data["sex"] = card.sex


class TermForm(StyledForm, forms.Form):
    """A new seat for a person."""

    town_code = forms.ChoiceField(label="镇（街）")
    role = forms.ChoiceField(label="岗位", choices=TeamRole.choices)
    mediator_kind = forms.ChoiceField(
        label="来源", choices=[("", "（调解人员才分来源）"), *MediatorKind.choices], required=False
    )
    since = forms.DateField(label="任职起始日")

    def __init__(self, *args: Any, user: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        towns = town_choices(user)
        seats = [seat for seat in TeamRole if towns and may_fill_seat(user, seat, towns[0][0])]
        set_choices(self.fields["town_code"], towns if len(towns) == 1 else [("", "请选择"), *towns])
        set_choices(self.fields["role"], [("", "请选择"), *((seat.value, seat.label) for seat in seats)])


class EndTermForm(StyledForm, forms.Form):
    until = forms.DateField(label="离任日", help_text="最后在任的一天。")


class VoidTermForm(StyledForm, forms.Form):
    reason = forms.CharField(
        label="为什么作废", max_length=100, help_text="例如：登记错了人；镇（街）写错了，已另行登记。"
    )
    reopen = forms.BooleanField(required=False, help_text="当作没有离任过，一直任到现在。")

    def __init__(self, data: Mapping[str, Any] | None = None, *, earlier: TermFacts | None, ticked: bool) -> None:
        super().__init__(data, initial={"reopen": ticked})
        if earlier is None:
            del self.fields["reopen"]
        else:
            ended = said(earlier.until) if earlier.until else ""
            self.fields["reopen"].label = f"恢复原来的岗位：{earlier.seat}，{said(earlier.since)}起、{ended}止"


class AbsenceForm(StyledForm, forms.Form):
    """Days away, today's and those to come as well."""

    from_on = forms.DateField(label="从哪天起")
    to_on = forms.DateField(label="到哪天止", help_text="最后不在岗的一天。")
    substitute = forms.TypedChoiceField(label="代班人", coerce=UUID, empty_value=None, required=False)
    reason = forms.CharField(label="事由", max_length=100, help_text="例如：年休假、培训、病假。")

    def __init__(self, *args: Any, substitutes: list[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        set_choices(self.fields["substitute"], [("", "（还没有定）"), *substitutes])


class EntryForm(StyledForm, forms.Form):
    """One person's entry into the platform; all three empty takes it back."""

    on = past_day("入驻日期", required=False)
    account = forms.CharField(label="平台账号", max_length=60, required=False)
    organisation = forms.CharField(label="登记的调解组织", max_length=80, required=False, help_text=ORGANISATION_HELP)
    version = forms.IntegerField(widget=forms.HiddenInput)

    def __init__(self, data: Mapping[str, Any] | None = None, *, staff: Staff) -> None:
        initial = {
            "on": staff.joined_platform_on,
            "account": staff.platform_account,
            "organisation": staff.platform_organisation,
            "version": staff.version,
        }
        super().__init__(data, initial=initial)


def set_choices(field: forms.Field, choices: list[tuple[str, str]]) -> None:
    assert isinstance(field, forms.ChoiceField)
    field.choices = choices

"""The agreement's editor: its text, clauses and items that grow one by one, and who has signed when."""

from collections.abc import Sequence
from typing import Any, cast

from django import forms

from core.forms import GrowingFormSet, StyledForm
from core.queries import today
from disputes.choices import AgentKind, Side
from disputes.forms.fields import DayField, MoneyField, TextField
from disputes.models import Party
from mediation.actions.agreements import CLAUSES_MAX, FLAG_FIELDS, ITEMS_MAX, NO_CLAUSE, ONE_A_CLAUSE, Draft, Item
from mediation.actions.footing import moment_words
from mediation.actions.signatures import METHODS, Entry
from mediation.choices import AgreementForm as FormOfAgreement
from mediation.choices import Mode, SignerKind, SignMethod
from mediation.queries.agreements import Signer

SEAL_FIRST = "seal_first"
NOT_A_DAY = "日期写法不对，请写成 2023-09-20，农历请换成公历。"


class AgreementForm(StyledForm, forms.Form):
    """Everything of an agreement but its clauses and items. `version`: the agreement's when it is changed."""

    segmented = ("form",)
    version = forms.IntegerField(widget=forms.HiddenInput, error_messages={"invalid": "页面不完整，请刷新后重做。"})
    form = forms.ChoiceField(
        label="形式",
        choices=FormOfAgreement.choices,
        initial=FormOfAgreement.WRITTEN,
        widget=forms.RadioSelect,
        help_text="要申请司法确认的，用书面协议。",
    )
    concluded_on = DayField(label="达成协议的日子", initial=today)
    facts = TextField(
        label="主要事实、争议事项和各方责任",
        rows=6,
        error_messages={"required": "请写主要事实、争议事项和各方责任。"},
        help_text="写双方都认的事实，用姓名，不用「我」。法院确认时会逐字看，写清时间、金额、凭据。",
    )
    manner = TextField(
        label="履行方式、地点",
        max_length=200,
        required=False,
        help_text="例如：转账到申请人的银行账户；在镇联络点当面交付。",
    )
    copies = forms.IntegerField(
        label="一式几份", min_value=1, required=False, help_text="不填：当事人各一份，调解委员会留一份。"
    )
    involves_identity = forms.BooleanField(label="协议涉及婚姻、亲子、收养等身份关系", required=False)
    involves_title = forms.BooleanField(label="协议要确认房屋、土地、山林或知识产权归谁", required=False)
    involves_real_estate = forms.BooleanField(label="协议涉及房屋、土地、山林的使用、买卖或补偿", required=False)

    def draft(self, clauses: "Clauses", items: "Items") -> Draft:
        """What was entered, for the action."""
        data = self.cleaned_data
        return Draft(
            concluded_on=data["concluded_on"],
            facts=data["facts"],
            clauses=clauses.entered(),
            items=items.entered(),
            form=data["form"],
            manner=data["manner"],
            copies=data["copies"] or 0,
            **{name: data[name] for name in FLAG_FIELDS},
        )


class ClauseForm(StyledForm, forms.Form):
    mark_optional = False
    text = TextField(
        label="条",
        rows=2,
        max_length=1_000,
        required=False,
        error_messages={"max_length": "一条最多 1,000 字，请分成几条。"},
    )


class Clauses(GrowingFormSet):
    least = 2

    def add_fields(self, form: forms.Form, index: int | None) -> None:
        super().add_fields(form, index)
        form.fields["text"].label = f"第 {(index or 0) + 1} 条"

    def clean(self) -> None:
        """Not one clause is said with the other mistakes, not after they are mended."""
        if self.forms and all(form.is_valid() and not form.cleaned_data.get("text") for form in self.forms):
            self.forms[0].add_error("text", f"{NO_CLAUSE}{ONE_A_CLAUSE}")

    def entered(self) -> list[str]:
        """The clauses that were really written, in their order."""
        return [text for form in self.forms if (text := str(form.cleaned_data.get("text") or ""))]


class ItemForm(StyledForm, forms.Form):
    """One thing to be performed. Left wholly empty it does not count."""

    mark_optional = False
    text = TextField(label="做什么", max_length=200, widget=forms.TextInput(attrs={"autocomplete": "off"}))
    debtor = forms.ChoiceField(
        label="谁来做", required=False, error_messages={"invalid_choice": "请从本件当事人里选。"}
    )
    amount = MoneyField(label="金额（元）", required=False)
    due_on = DayField(
        label="最迟哪天", error_messages={"required": "请写最迟哪天做完，法院要看得出期限。", "invalid": NOT_A_DAY}
    )

    def __init__(self, *args: Any, parties: Sequence[Party] = (), **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.parties = {str(party.pk): party for party in parties}
        debtor = self.fields["debtor"]
        assert isinstance(debtor, forms.ChoiceField)
        debtor.choices = [("", "双方"), *[(pk, party.name) for pk, party in self.parties.items()]]
        debtor.initial = next((pk for pk, party in self.parties.items() if party.side == Side.RESPONDENT), "")

    def has_changed(self) -> bool:
        return any(str(self.data.get(self.add_prefix(name)) or "").strip() for name in ("text", "amount", "due_on"))

    def item(self) -> Item:
        """What was entered, for the action."""
        data = self.cleaned_data
        debtor = self.parties.get(data["debtor"])
        return Item(data["text"], data["due_on"], data["amount"], debtor.pk if debtor else None)


class Items(GrowingFormSet):
    def entered(self) -> list[Item]:
        """The items that were really entered, in their order."""
        return [form.item() for form in self.forms if isinstance(form, ItemForm) and form.has_changed()]

    def row_of(self, nth_entered: int) -> int:
        """Which row holds the nth item entered: empty rows between them do not count."""
        rows = [row for row, form in enumerate(self.forms) if form.has_changed()]
        return rows[nth_entered]


ClauseFormSet = cast(
    type[Clauses],
    forms.formset_factory(ClauseForm, formset=Clauses, extra=2, max_num=CLAUSES_MAX, absolute_max=CLAUSES_MAX),
)
ItemFormSet = cast(
    type[Items],
    forms.formset_factory(ItemForm, formset=Items, extra=1, max_num=ITEMS_MAX, absolute_max=ITEMS_MAX),
)


class SignForm(StyledForm, forms.Form):
    """Who signed when: a time and a way for each place that is still empty. What has no time was not signed.

    A time typed for a place that somebody else has filled meanwhile is read too: the action says who was first.
    """

    mark_optional = False
    asks_seal_first = False

    def __init__(self, *args: Any, signers: Sequence[Signer], mode: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.signers = signers
        self.unsigned = [signer for signer in signers if signer.signature is None]
        self.too_late = [signer for signer in signers if signer.signature and self.data.get(signer.field)]
        for signer in (*self.unsigned, *self.too_late):
            self._add(signer, mode)
        label = "章确实盖在签名之前，时间没有写错"
        self.fields[SEAL_FIRST] = forms.BooleanField(label=label, required=False)

    def clean(self) -> dict[str, Any]:
        """A seal older than a signature is most often a wrong time: asked once, taken when it is ticked as meant."""
        last = self._signed_after_the_seal()
        self.asks_seal_first = last is not None
        if last and not self.cleaned_data[SEAL_FIRST]:
            at = SignerKind.SEAL if self.cleaned_data.get(SignerKind.SEAL) else last.field
            words = "时间写错了请改；确实先盖的章，请在下面勾选。"
            self.add_error(at, f"盖章早于{last.name}的签名（{moment_words(self._time(last))}）。{words}")
        return self.cleaned_data

    def _signed_after_the_seal(self) -> Signer | None:
        """Who signed last, if that was after the seal and one of the two times is typed here."""
        times = {signer.field: self._time(signer) for signer in self.signers if self._time(signer)}
        sealed = times.pop(SignerKind.SEAL, None)
        later = [signer for signer in self.signers if sealed and times.get(signer.field, sealed) > sealed]
        last = max(later, key=lambda one: times[one.field], default=None)
        is_new = last and (self.cleaned_data.get(SignerKind.SEAL) or self.cleaned_data.get(last.field))
        return last if is_new else None

    def _time(self, signer: Signer) -> Any:
        """When the place was signed: as on record, else as typed."""
        return signer.signature.signed_at if signer.signature else self.cleaned_data.get(signer.field)

    def _add(self, signer: Signer, mode: str) -> None:
        field = forms.DateTimeField(
            label="时间",
            required=False,
            widget=forms.DateTimeInput(attrs={"type": "datetime-local"}, format="%Y-%m-%dT%H:%M"),
            error_messages={"invalid": "时间写法不对，请写成 2023-09-01 16:40。"},
        )
        field.widget.input_type = "datetime-local"
        self.fields[signer.field] = field
        choices = [(way, SignMethod(way).label) for way in SignMethod.values if way in METHODS[signer.kind]]
        self.fields[f"{signer.field}-method"] = forms.ChoiceField(
            label="方式", choices=choices, initial=_usual_way(signer.kind, mode), required=False
        )
        if signer.party and (stand_in := signer.party.stands_in or signer.party.guardian_name):
            guarded = stand_in == signer.party.guardian_name
            label = f"由监护人{stand_in}签" if guarded else _by_agent(signer.party)
            self.fields[f"{signer.field}-agent"] = forms.BooleanField(
                label=label, required=False, initial=signer.party.needs_guardian
            )

    def rows(self) -> list[tuple[Signer, Any, Any, Any]]:
        """Each empty place with its fields: time, way, agent or nothing."""
        found = []
        for signer in self.unsigned:
            agent = self[f"{signer.field}-agent"] if f"{signer.field}-agent" in self.fields else None
            found.append((signer, self[signer.field], self[f"{signer.field}-method"], agent))
        return found

    def entries(self) -> list[Entry]:
        """The signatures that were entered, for the action."""
        given = (*self.too_late, *self.unsigned)
        return [self._entry(signer) for signer in given if self.cleaned_data.get(signer.field)]

    def filled(self) -> list[tuple[Signer, Any]]:
        """Each place that is filled, with the time that was typed for it here all the same."""
        typed = self.cleaned_data if self.is_bound else {}
        return [(signer, typed.get(signer.field)) for signer in self.signers if signer.signature]

    def _entry(self, signer: Signer) -> Entry:
        data = self.cleaned_data
        mediator = signer.field.removeprefix("mediator-") if signer.kind == SignerKind.MEDIATOR else ""
        return Entry(
            kind=signer.kind,
            signed_at=data[signer.field],
            method=data[f"{signer.field}-method"] or "",
            party_id=signer.party.pk if signer.party else None,
            mediator_id=int(mediator) if mediator.isdecimal() else None,
            by_agent=bool(data.get(f"{signer.field}-agent")),
        )


def _usual_way(kind: str, mode: str) -> str:
    if mode == Mode.ONLINE:
        return SignMethod.ELECTRONIC
    return SignMethod.STAMP if kind == SignerKind.SEAL else SignMethod.SIGNATURE


def _by_agent(party: Party) -> str:
    statutory = party.agent_kind == AgentKind.STATUTORY
    return f"由法定代理人{party.agent_name}签" if statutory else f"由代理人{party.agent_name}签（有特别授权）"

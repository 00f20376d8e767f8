"""What ties a dispute to other towns and other disputes: asked, answered, ended, decided, linked, merged; notes."""

from collections.abc import Iterable, Sequence
from typing import Any

from django import forms

from core.forms import StyledForm
from core.models import Division, User
from core.privacy import mask_text
from core.queries import today
from disputes.choices import LinkKind, TownRequestKind
from disputes.forms.fields import DayField, TextField
from disputes.models import Dispute
from disputes.search import code_of

YES, NO = "yes", "no"
CODE_LENGTH = 20


def places(rows: Iterable[Division], *, first: str = "请选择") -> list[tuple[str, str]]:
    """Divisions as choices, by the names people say."""
    return [("", first), *[(row.code, row.short_name) for row in rows]]


def people(rows: Iterable[User], *, first: str) -> list[tuple[str, str]]:
    return [("", first), *[(str(row.pk), str(row)) for row in rows]]


class AskTownForm(StyledForm, forms.Form):
    segmented = ("kind",)
    kind = forms.ChoiceField(
        label="请对方做什么",
        choices=[(TownRequestKind.JOINT, "联办，一起调"), (TownRequestKind.MOVE, "移送，对方接办")],
        initial=TownRequestKind.JOINT,
        widget=forms.RadioSelect,
        help_text="联办的仍由本镇（街）牵头；移送的，对方接收后由对方承办。",
    )
    town = forms.ChoiceField(label="哪个镇（街）", error_messages={"required": "请选择对方镇（街）。"})
    reason = TextField(label="为什么", rows=3, max_length=300, help_text="写明当事人在哪里、争议的东西在哪里。")
    on = DayField(label="提出日", initial=today)

    def __init__(self, *args: Any, towns: Sequence[Division], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["town"].choices = places(towns)  # type: ignore[attr-defined]


class AnswerTownForm(StyledForm, forms.Form):
    """Yes or no; for a move also in which village it lies and who goes on with it."""

    mark_optional = False
    segmented = ("answer",)
    answer = forms.ChoiceField(label="答复", widget=forms.RadioSelect, error_messages={"required": "请选择怎样答复。"})
    village = forms.ChoiceField(label="纠纷落在哪个村（社区）", required=False, help_text="接收时要选。")
    mediator = forms.ChoiceField(label="由谁参加", required=False)
    reason = TextField(label="不同意的理由", rows=3, max_length=300, required=False, help_text="不同意时要写。")
    on = DayField(label="答复日", initial=today)

    def __init__(
        self,
        *args: Any,
        is_move: bool,
        running: bool,
        villages: Sequence[Division],
        mediators: Sequence[User],
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        self.is_move = is_move
        words = ("接收本件", "不接收") if is_move else ("同意联办", "不同意")
        self.fields["answer"].choices = list(zip((YES, NO), words, strict=True))  # type: ignore[attr-defined]
        mediator: Any = self.fields["mediator"]
        if is_move:
            self.fields["village"].choices = places(villages)  # type: ignore[attr-defined]
            mediator.label = "由谁承办"
            mediator.help_text = "本件正在调解，接收时要定下来。" if running else "可以接收后再指派。"
        else:
            del self.fields["village"]
            mediator.help_text = "派出的调解员能看号码、记调解；可以以后再定。"
        mediator.choices = people(mediators, first="以后再定")

    def clean(self) -> None:
        """What the chosen answer needs is said at its field."""
        given = self.cleaned_data
        if given.get("answer") == NO and not given.get("reason"):
            self.add_error("reason", "请写明不同意的理由。")
        if given.get("answer") == YES and self.is_move and not given.get("village"):
            self.add_error("village", "请选择村（社区）。")


class EndJointForm(StyledForm, forms.Form):
    reason = TextField(label="为什么结束联办", rows=3, max_length=300)
    on = DayField(label="结束日", initial=today)


class DecideLeadForm(StyledForm, forms.Form):
    """The county's word; the other town's village and mediator are asked for in case it is to lead."""

    mark_optional = False
    segmented = ("lead",)
    lead = forms.ChoiceField(label="由谁牵头", widget=forms.RadioSelect)
    village = forms.ChoiceField(label="改由对方牵头时，落在哪个村（社区）", required=False)
    mediator = forms.ChoiceField(label="改由对方牵头时，由谁承办", required=False)
    reason = TextField(label="决定的理由", rows=3, max_length=300)
    on = DayField(label="决定日", initial=today)

    def __init__(
        self,
        *args: Any,
        lead_towns: Sequence[Division],
        villages: Sequence[Division],
        mediators: Sequence[User],
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        self.fields["lead"].choices = [(town.code, f"{town}牵头") for town in lead_towns]  # type: ignore[attr-defined]
        self.fields["village"].choices = places(villages, first="不改牵头就不填")  # type: ignore[attr-defined]
        self.fields["mediator"].choices = people(mediators, first="由联络人员指派")  # type: ignore[attr-defined]


class OfferedField(forms.ChoiceField):
    """One of those that were offered. What is offered no more since the page was opened is a number like any other: the
    action knows it and says what stands against it.
    """

    def valid_value(self, value: object) -> bool:  # noqa: ARG002
        return True


class CodeForm(StyledForm, forms.Form):
    """Another dispute: one of those that share people with this one, or by its number."""

    mark_optional = False
    chosen = OfferedField(label="同一些当事人的另一件", widget=forms.RadioSelect, required=False)
    code = TextField(
        label="另一件的编号",
        max_length=CODE_LENGTH,
        widget=forms.TextInput(
            attrs={"autocomplete": "off", "autocapitalize": "characters", "placeholder": "TP2309-0001"}
        ),
    )

    def __init__(self, *args: Any, found: Sequence[Dispute] = (), **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.offered_before = str(self.data.get(self.add_prefix("chosen"), ""))
        if not found:
            del self.fields["chosen"]
            self.fields["code"].required = not self.offered_before
            return
        shown = [(one.code, f"{one.code}　{mask_text(one.title)}　{one.get_state_display()}") for one in found]
        self.fields["chosen"].choices = [*shown, ("", "都不是，填编号")]  # type: ignore[attr-defined]
        self.fields["code"].required, self.fields["code"].help_text = False, "上面没有的，在这里填。"

    def clean_code(self) -> str:
        typed = str(self.cleaned_data["code"])
        return code_of(typed) or typed.upper().replace(" ", "")

    def clean(self) -> None:
        """Chosen or typed is one dispute, under `code`."""
        self.cleaned_data.pop("chosen", None)
        chosen, typed = self.offered_before, self.cleaned_data.get("code", "")
        if len(chosen) > CODE_LENGTH:
            self.add_error("code", "没有这么长的编号，请在上面点一件，或者填编号。")
        elif chosen and typed and chosen != typed:
            self.add_error("code", f"上面点的是 {chosen}，这里填的是 {typed}，请只留一件。")
        elif chosen:
            self.cleaned_data["code"] = chosen
        elif not typed and "code" not in self.errors:
            self.add_error("code", "请在上面点一件，或者填编号。")


class LinkForm(CodeForm):
    segmented = ("kind",)
    kind = forms.ChoiceField(
        label="是什么关系", choices=LinkKind.choices, initial=LinkKind.GROUP, widget=forms.RadioSelect
    )
    note = TextField(label="说明", max_length=200, required=False, help_text="可以不写。")
    on = DayField(label="关联日", initial=today)


class MergeForm(CodeForm):
    reason = TextField(label="怎样知道是同一件", rows=3, max_length=300)
    on = DayField(label="并案日", initial=today)

    def __init__(self, *args: Any, not_ones_own: Sequence[Dispute] = (), **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if not_ones_own:
            code = self.fields["code"]
            code.help_text = f"{code.help_text}{_not_ones_own(not_ones_own)}"


def _not_ones_own(disputes: Sequence[Dispute]) -> str:
    """Whom to ask about those that may be the same, and that the reader may not merge into."""
    said = "、".join(f"{one.code}（{one.handler or '还没有人'}承办）" for one in disputes)
    return f"这些人还有 {said}，不由您承办。是同一件的，请承办人或本镇（街）联络人员来并。"


class NoteForm(StyledForm, forms.Form):
    text = TextField(label="写一条备注", rows=2, max_length=2_000, error_messages={"required": "请写备注的内容。"})


class HoldForm(StyledForm, forms.Form):
    reason = TextField(
        label="为什么到期也不清除", rows=3, max_length=200, required=False, help_text="留空就是取消，到期照常清除。"
    )

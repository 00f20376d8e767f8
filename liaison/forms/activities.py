"""Meetings with their decisions, row by row; that a decision was carried out."""

from collections.abc import Mapping
from datetime import date
from typing import Any, cast
from uuid import UUID

from django import forms

from core.forms import GrowingFormSet, StyledForm, with_numbers_back
from core.privacy import mask_text
from core.queries import today
from liaison.actions.meetings import DECISIONS_MAX, Decision
from liaison.choices import MEETING_SYSTEMS, SystemKind, options
from liaison.forms.fields import EARLIEST, past_day

PeopleChoices = list[tuple[str, str]]
PLEASE = ("", "请选择")
BROKEN_PAGE = {"invalid": "页面不完整，请刷新后重做。"}


def typed_day(data: Any, name: str = "held_on") -> date:
    """The day typed in a form that is not yet read; today where it is none."""
    try:
        day = date.fromisoformat(str(data.get(name, "")))
    except ValueError:
        return today()
    return day if EARLIEST <= day <= today() else today()


class ActivityForm(StyledForm, forms.Form):
    """What is asked of an activity. `kept`: its texts when it is corrected; numbers in them are shown masked, and
    what stays masked stays as it was."""

    version = forms.IntegerField(required=False, widget=forms.HiddenInput, error_messages=BROKEN_PAGE)

    def __init__(self, *args: Any, kept: Mapping[str, str] | None = None, **kwargs: Any) -> None:
        self.kept = kept or {}
        masked = {name: mask_text(text) for name, text in self.kept.items()}
        super().__init__(*args, initial=masked | (kwargs.pop("initial", None) or {}), **kwargs)

    def clean(self) -> dict[str, Any]:
        data = self.cleaned_data
        for name in self.kept.keys() & data.keys():
            try:
                data[name] = with_numbers_back(self.fields[name], data[name], self.kept[name])
            except forms.ValidationError as error:
                self.add_error(name, error)
        return data


class PeopleForm(ActivityForm):
    """A form that asks who of the team came."""

    attendees = forms.TypedMultipleChoiceField(
        label="队伍里参加的人", coerce=UUID, required=False, widget=forms.CheckboxSelectMultiple
    )

    def __init__(self, *args: Any, people: PeopleChoices, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["attendees"].choices = people  # type: ignore[attr-defined]


class MeetingForm(PeopleForm):
    """A meeting; of one that is corrected, the day and the system stay."""

    held_on = past_day("日期")
    system = forms.ChoiceField(
        label="所属制度",
        choices=options(MEETING_SYSTEMS),
        initial=SystemKind.GRID,
        widget=forms.RadioSelect,
    )
    agenda = forms.CharField(label="议题", max_length=200)
    guests = forms.CharField(
        label="其他单位参加的人",
        max_length=300,
        required=False,
        help_text="如：派出所 2 人、镇妇联 1 人。",
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )
    minutes = forms.CharField(label="纪要", max_length=20_000, required=False, widget=forms.Textarea({"rows": 8}))

    def __init__(self, *args: Any, people: PeopleChoices, **kwargs: Any) -> None:
        super().__init__(*args, people=people, **kwargs)
        if self.kept:
            del self.fields["held_on"], self.fields["system"]


class DecisionForm(StyledForm, forms.Form):
    """One thing decided. Left wholly empty it does not count."""

    mark_optional = False
    text = forms.CharField(label="做什么", max_length=120, widget=forms.TextInput(attrs={"autocomplete": "off"}))
    owner = forms.TypedChoiceField(label="谁负责", coerce=UUID)
    due_on = forms.DateField(label="最迟哪天")

    def __init__(self, *args: Any, people: PeopleChoices = (), **kwargs: Any) -> None:  # type: ignore[assignment]
        super().__init__(*args, **kwargs)
        self.fields["owner"].choices = [PLEASE, *people]  # type: ignore[attr-defined]

    def has_changed(self) -> bool:
        return any(str(self.data.get(self.add_prefix(name)) or "").strip() for name in self.fields)

    def decision(self) -> Decision:
        """What was entered, for the action."""
        data = self.cleaned_data
        return Decision(data["text"], data["owner"], data["due_on"])


class Decisions(GrowingFormSet):
    def entered(self) -> list[Decision]:
        """The decisions that were really entered, in their order."""
        return [form.decision() for form in self.forms if isinstance(form, DecisionForm) and form.has_changed()]

    def row_of(self, nth_entered: int) -> int:
        """Which row holds the nth decision entered: empty rows between them do not count."""
        return [row for row, form in enumerate(self.forms) if form.has_changed()][nth_entered]


DecisionFormSet = cast(
    type[Decisions],
    forms.formset_factory(DecisionForm, formset=Decisions, extra=1, max_num=DECISIONS_MAX, absolute_max=DECISIONS_MAX),
)


class VoidForm(StyledForm, forms.Form):
    """Why something that was noted counts no more; `version` as it was seen."""

    version = forms.IntegerField(required=False, widget=forms.HiddenInput, error_messages=BROKEN_PAGE)
    reason = forms.CharField(label="为什么", max_length=200)


class FinishForm(StyledForm, forms.Form):
    done_on = past_day("哪天办成")
    done_note = forms.CharField(label="办成了什么", max_length=200, help_text="如：三户的账已对清，写了对账单。")

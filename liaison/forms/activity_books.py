"""Training, publicity, what was published; the plan of a year."""

from typing import Any

from django import forms

from core.forms import PlainForm, StyledForm
from core.queries import today
from liaison.actions.plans import FIRST_YEAR, LAST_YEAR, MOST
from liaison.actions.publicity import HEADS_MAX, Event, Report
from liaison.actions.trainings import Lesson
from liaison.choices import PUBLICITY_KINDS, REPORT_KINDS, ActivityKind, options
from liaison.forms.activities import PLEASE, ActivityForm, PeopleForm
from liaison.forms.fields import ManyFilesField, past_day

PLAIN = {"autocomplete": "off"}


class TrainingForm(PeopleForm):
    held_on = past_day("日期")
    topic = forms.CharField(label="主题", max_length=200)
    lecturer = forms.CharField(label="授课人", max_length=100, help_text="如：市法院民一庭法官。")
    guests = forms.CharField(
        label="其他单位参加的人", max_length=300, required=False, help_text="如：各村网格员 20 人。"
    )
    file = ManyFilesField(
        label="材料", required=False, help_text="课件、签到表、照片，可一次选几份。jpg、png、heic、pdf、docx、xlsx。"
    )
    feedback = forms.CharField(
        label="反馈", max_length=4_000, required=False, widget=forms.Textarea({"rows": 4}),
        help_text="参加的人怎么说，还想学什么。可以以后再补。",
    )  # fmt: skip
    field_order = ("held_on", "topic", "lecturer", "attendees", "guests", "file", "feedback")

    def said(self) -> dict[str, Any]:
        """What was entered, for the action."""
        data = self.cleaned_data
        lesson = Lesson(data["held_on"], data["topic"], data["lecturer"], data["guests"], data["feedback"])
        return {"lesson": lesson, "attendees": data["attendees"], "uploads": data["file"]}


class PublicityForm(ActivityForm):
    kind = forms.ChoiceField(label="种类", choices=[PLEASE, *options(PUBLICITY_KINDS)])
    held_on = past_day("日期")
    title = forms.CharField(label="内容", max_length=200, help_text="如：相邻通行案在村口开庭，庭后讲法。")
    place = forms.CharField(label="地点", max_length=120)
    head_count = forms.IntegerField(label="参加人数", min_value=1, max_value=HEADS_MAX)
    file = ManyFilesField(label="照片", required=False, help_text="可一次选几张。jpg、png、heic。")

    def said(self) -> dict[str, Any]:
        """What was entered, for the action."""
        data = self.cleaned_data
        event = Event(data["kind"], data["held_on"], data["title"], data["place"], data["head_count"])
        return {"event": event, "uploads": data["file"]}


class MediaForm(ActivityForm):
    kind = forms.ChoiceField(
        label="种类", choices=options(REPORT_KINDS), initial=ActivityKind.MEDIA, widget=forms.RadioSelect
    )
    outlet = forms.CharField(label="刊发单位", max_length=60, help_text="报社、电台、公众号，或上级的简报。")
    published_on = past_day("刊发日")
    title = forms.CharField(label="标题", max_length=200)
    link = forms.CharField(
        label="网址", max_length=300, required=False, widget=forms.URLInput(PLAIN), help_text="没有网址的空着。"
    )
    segmented = ("kind",)

    def said(self) -> dict[str, Any]:
        """What was entered, for the action."""
        data = self.cleaned_data
        return {"report": Report(data["kind"], data["outlet"], data["published_on"], data["title"], data["link"])}


class YearForm(PlainForm, forms.Form):
    """`?year=2023&kind=training`: the year and the kind shown; anything else is this year, all kinds."""

    year = forms.IntegerField(required=False, min_value=FIRST_YEAR, max_value=LAST_YEAR)
    kind = forms.ChoiceField(required=False, choices=ActivityKind.choices)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.is_valid()

    @property
    def chosen_year(self) -> int:
        return self.cleaned_data.get("year") or today().year

    @property
    def chosen_kind(self) -> str:
        return str(self.cleaned_data.get("kind") or "")


class PlanYearForm(StyledForm, forms.Form):
    """How many of each kind."""

    mark_optional = False

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for kind in ActivityKind:
            self.fields[kind.value] = forms.IntegerField(label=kind.label, min_value=0, max_value=MOST, required=False)
        self.helper.form_tag = False

    def wanted(self) -> dict[str, int]:
        """What was entered, for the action."""
        return {kind.value: self.cleaned_data.get(kind.value) or 0 for kind in ActivityKind}

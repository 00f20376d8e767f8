"""Meetings."""

from django import forms

from core.forms import StyledForm
from liaison.choices import MEETING_SYSTEMS, SystemKind, options
from liaison.forms.fields import past_day


class MeetingForm(StyledForm, forms.Form):
    held_on = past_day("日期")
    system = forms.ChoiceField(
        label="所属制度",
        choices=options(MEETING_SYSTEMS),
        initial=SystemKind.GRID,
        widget=forms.RadioSelect,
    )
    agenda = forms.CharField(label="议题", max_length=200)
    minutes = forms.CharField(label="纪要", max_length=20_000, required=False, widget=forms.Textarea({"rows": 8}))

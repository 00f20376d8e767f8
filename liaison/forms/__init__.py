"""What is typed about a liaison point: parsed and checked, nothing written."""

from liaison.forms.activities import DecisionFormSet, Decisions, FinishForm, MeetingForm, typed_day
from liaison.forms.duty import MissForm, MonthForm, PlanForm, ReassignForm, ShiftForm, SwapForm
from liaison.forms.fields import AreaForm, AsOfForm, ManyFilesField, past_day, taken
from liaison.forms.points import ItemCheckForm, ItemEndForm, ItemReportForm, PointForm, SystemForm

__all__ = [
    "AreaForm",
    "AsOfForm",
    "DecisionFormSet",
    "Decisions",
    "FinishForm",
    "ItemCheckForm",
    "ItemEndForm",
    "ItemReportForm",
    "ManyFilesField",
    "MeetingForm",
    "MissForm",
    "MonthForm",
    "PlanForm",
    "PointForm",
    "ReassignForm",
    "ShiftForm",
    "SwapForm",
    "SystemForm",
    "past_day",
    "taken",
    "typed_day",
]

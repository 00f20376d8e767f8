"""A list that was handed in: which unit, when, under which number, with which letter."""

from collections.abc import Mapping
from typing import Any

from django import forms
from django.utils import timezone

from core.file_types import CASE_FILES
from core.forms import StyledForm
from core.queries import said
from roster.choices import UnitKind
from roster.forms.days import past_day
from roster.hand_ins import BUREAU, COURT
from roster.models import RosterImport, RosterSubmission

DOCUMENT_NUMBER_LENGTH, REASON_LENGTH = 60, 100
SUFFIXES = ",".join(suffix for kind in CASE_FILES for suffix in kind.suffixes)


class SubmissionForm(StyledForm, forms.Form):
    """What is noted of a list; `units` are key → name."""

    unit = forms.ChoiceField(label="报送单位", error_messages={"invalid_choice": "请从报送单位里选。"})
    handed_in_on = past_day("报送日")
    document_number = forms.CharField(
        label="文号",
        max_length=DOCUMENT_NUMBER_LENGTH,
        required=False,
        help_text="来文的文号，如 太平〔2023〕12号。",
    )
    letter = forms.FileField(
        label="报送函",
        required=False,
        help_text="盖章的报送函，扫描或拍照。jpg、png、heic、pdf、docx、xlsx。",
        widget=forms.FileInput(attrs={"accept": SUFFIXES}),
        error_messages={"empty": "文件是空的，请检查选的是不是这个文件。"},
    )

    def __init__(self, data: Any = None, files: Any = None, *, units: Mapping[str, str], **kwargs: Any) -> None:
        super().__init__(data, files, **kwargs)
        unit = self.fields["unit"]
        assert isinstance(unit, forms.ChoiceField)
        unit.choices = [("", "请选择"), *units.items()]

    @property
    def facts(self) -> dict[str, Any]:
        """As the actions take it: the unit as its kind and, for a town, the town."""
        data = dict(self.cleaned_data)
        unit = data.pop("unit")
        is_town = unit not in (COURT, BUREAU)
        return data | {"unit_kind": UnitKind.TOWN if is_town else unit, "town_code": unit if is_town else None}


class SubmissionEditForm(SubmissionForm):
    """A correction; a letter chosen now takes the place of the one before."""

    import_id = forms.ChoiceField(label="补上对应的导入", required=False, help_text="导入时没有对上的，在这里选。")
    version = forms.IntegerField(widget=forms.HiddenInput)

    def __init__(
        self,
        data: Any = None,
        files: Any = None,
        *,
        submission: RosterSubmission,
        imports: list[RosterImport],
        units: Mapping[str, str],
    ) -> None:
        initial = {
            "unit": submission.unit,
            "handed_in_on": submission.handed_in_on,
            "document_number": submission.document_number,
            "version": submission.version,
        }
        super().__init__(data, files, units=units, initial=initial)
        chosen = self.fields["import_id"]
        assert isinstance(chosen, forms.ChoiceField)
        if imports:
            chosen.choices = [("", "（不补）"), *((str(row.pk), _import_words(row)) for row in imports)]
        else:
            del self.fields["import_id"]


class VoidForm(StyledForm, forms.Form):
    reason = forms.CharField(label="为什么作废", max_length=REASON_LENGTH, help_text="例如：登记错了单位。")
    version = forms.IntegerField(widget=forms.HiddenInput)


def _import_words(row: RosterImport) -> str:
    applied = said(timezone.localdate(row.applied_at)) if row.applied_at else ""
    return f"{row.file_name}（{row.town or '多个镇（街）'}，{applied} 写入）"

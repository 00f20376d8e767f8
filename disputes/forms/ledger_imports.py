"""Forms of a ledger's import: the file, then what its columns are."""

from collections.abc import Mapping, Sequence
from typing import Any

from django import forms

from core.forms import StyledForm
from core.models import Division
from core.spreadsheets.contents import MAX_FILE_BYTES, MEGABYTE
from core.spreadsheets.kinds import ACCEPTED
from disputes.choices import Source
from disputes.importing import columns
from roster.forms.imports import CellsForm

COLUMN = "column-"
NO_VILLAGE = "没有写村的不能写入"


class LedgerUploadForm(StyledForm, forms.Form):
    file = forms.FileField(
        label="台账文件",
        help_text=f"收 {'、'.join(ACCEPTED)}，不超过 {MAX_FILE_BYTES // MEGABYTE} MB。几个年份可以放在几张工作表里。",
        widget=forms.FileInput(attrs={"accept": ",".join(ACCEPTED)}),
        error_messages={
            "required": "请选择台账文件。没有传完就断了的，请再传一次。",
            "empty": "文件是空的，请检查选的是不是这个文件。",
        },
    )
    town = forms.ChoiceField(label="镇（街）", help_text="整份台账都是这个镇（街）的。")

    def __init__(self, *args: Any, towns: Sequence[Division], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.towns = {town.pk: town for town in towns}
        field: Any = self.fields["town"]
        field.choices = [(town.pk, town.name) for town in towns]

    def clean_file(self) -> Any:
        file = self.cleaned_data["file"]
        if file.size > MAX_FILE_BYTES:
            raise forms.ValidationError(f"文件超过 {MAX_FILE_BYTES // MEGABYTE} MB。请按年份分成几个文件再上传。")
        return file

    def clean_town(self) -> Division:
        return self.towns[self.cleaned_data["town"]]


class ColumnsForm(StyledForm, forms.Form):
    """What each header of the file means; where rows without a village or a source belong."""

    mark_optional = False

    village = forms.ChoiceField(label="没有写村（社区）的，算作", required=False)
    source = forms.ChoiceField(label="没有写来源的，算作", choices=Source.choices, initial=Source.VISIT)

    def __init__(
        self,
        *args: Any,
        headers: Sequence[str],
        sheets: Sequence[Sequence[str]],
        proposed: Mapping[str, str],
        villages: Mapping[str, str],
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        self.headers, self.sheets = list(headers), sheets
        chosen: Any = self.fields["village"]
        chosen.choices = [("", NO_VILLAGE), *villages.items()]
        for place, header in enumerate(self.headers):
            self.fields[f"{COLUMN}{place}"] = forms.ChoiceField(
                label=header,
                required=False,
                choices=[(columns.LEAVE_OUT, "不导入这一列"), *columns.FIELDS.items()],
                initial=proposed.get(header, columns.LEAVE_OUT),
                widget=forms.Select(attrs={"class": "form-select form-select-sm", "aria-label": f"「{header}」是"}),
            )

    def column_fields(self) -> list[tuple[str, Any]]:
        """Each header with the field that says what it means, as the page lays them out."""
        return [(header, self[f"{COLUMN}{place}"]) for place, header in enumerate(self.headers)]

    def clean(self) -> dict[str, Any]:
        given, mapping = super().clean() or {}, self.mapping
        for place, header in enumerate(self.headers):
            if rival := self._rival(header, mapping):
                words = (
                    f"「{rival}」和「{header}」都选了「{columns.FIELDS[mapping[header]]}」，一张工作表里只能有一列。"
                )
                self.add_error(f"{COLUMN}{place}", words)
        return given

    def _rival(self, header: str, mapping: Mapping[str, str]) -> str:
        """An earlier header of the same sheet that means the same; "" where there is none or both may be read."""
        field = mapping[header]
        if not field or field in columns.JOINED:
            return ""
        before = self.headers[: self.headers.index(header)]
        beside = {one for sheet in self.sheets if header in sheet for one in sheet}
        return next((one for one in before if one in beside and mapping[one] == field), "")

    @property
    def mapping(self) -> dict[str, str]:
        """Header → field, as chosen."""
        return {
            header: self.cleaned_data.get(f"{COLUMN}{place}", "") for place, header in enumerate(self.headers)
        }  # fmt: skip


class LedgerMendForm(CellsForm):
    """What the uploader says about one row of a ledger."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, titles=columns.FIELDS, **kwargs)

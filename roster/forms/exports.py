"""Which list to take out, and whether in clear."""

from typing import Any

from django import forms

from core.access import allowed
from core.forms import StyledForm
from core.models import User
from roster import queries
from roster.choices import ExportList
from roster.rules import lists_for

REASON_LENGTH = 200
MASKED, CLEAR = "masked", "clear"


class ExportForm(StyledForm, forms.Form):
    """Which list to take out, and whether in clear. `wanted()` names list and town."""

    mark_optional = False  # the reason is, or is not, by what stands above it

    listed = forms.ChoiceField(label="名单")
    shown = forms.ChoiceField(
        label="个人信息",
        choices=[(MASKED, "遮盖：证件号、电话、地址只留一部分"), (CLEAR, "完整：要写用途，会记入审计")],
        initial=MASKED,
        widget=forms.RadioSelect,
    )
    reason = forms.CharField(
        label="用途",
        max_length=REASON_LENGTH,
        required=False,
        help_text="导出完整信息才填，例如：报送市委政法委。不要写人名和号码。",
    )

    def __init__(self, *args: Any, user: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.towns = {town.code: town for town in queries.towns_for(user)}
        lists = lists_for(user)
        whole = [(what.value, what.label) for what in lists if what != ExportList.TOWN]
        towns = [(town.code, town.name) for town in self.towns.values()] if ExportList.TOWN in lists else []
        listed: Any = self.fields["listed"]
        listed.choices = [*whole, *towns]
        if not allowed(user, "roster.export_clear"):
            del self.fields["shown"], self.fields["reason"]

    def clean(self) -> dict[str, Any]:
        given = super().clean() or {}
        if self.is_clear and not given.get("reason") and "reason" not in self.errors:
            self.add_error("reason", "请写用途，例如：报送市委政法委。")
        return given

    @property
    def is_clear(self) -> bool:
        return self.cleaned_data.get("shown") == CLEAR

    def wanted(self) -> dict[str, Any]:
        """The answers as `start_export` takes them."""
        listed = self.cleaned_data["listed"]
        return {
            "what": ExportList.TOWN if listed in self.towns else listed,
            "town": self.towns.get(listed),
            "is_clear": self.is_clear,
            "reason": self.cleaned_data.get("reason", ""),
        }

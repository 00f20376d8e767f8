"""Whether rows are taken out in clear, and what for."""

from typing import Any

from django import forms

from core.access import allowed
from core.forms import StyledForm
from core.models import User

REASON_LENGTH = 200
MASKED, CLEAR = "masked", "clear"


class LedgerExportForm(StyledForm, forms.Form):
    """Masked, unless somebody who may see the town's numbers says what they are for."""

    mark_optional = False  # the reason is, or is not, by what stands above it

    shown = forms.ChoiceField(
        label="个人信息",
        choices=[(MASKED, "遮盖：证件号、电话只留后四位"), (CLEAR, "完整：要写用途，会记入审计")],
        initial=MASKED,
        required=False,
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
        if not allowed(user, "disputes.export_clear"):
            del self.fields["shown"], self.fields["reason"]

    def clean(self) -> dict[str, Any]:
        given = super().clean() or {}
        if self.is_clear and not given.get("reason") and "reason" not in self.errors:
            self.add_error("reason", "请写用途，例如：报送市委政法委。")
        return given

    @property
    def is_clear(self) -> bool:
        return self.cleaned_data.get("shown") == CLEAR

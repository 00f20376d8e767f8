"""Why the register sheet is printed with numbers in clear."""

from django import forms

from core.forms import StyledForm


class RegisterSheetForm(StyledForm, forms.Form):
    reason = forms.CharField(
        label="用途",
        max_length=200,
        help_text="会记入审计，例如：当事人签字存档。",
        error_messages={"required": "请写明为什么要带完整的号码，例如：当事人签字存档。"},
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )

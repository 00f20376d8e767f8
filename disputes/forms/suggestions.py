"""Forms of a suggestion: what stands on it, and its steps."""

from datetime import date
from typing import Any

from django import forms
from django.conf import settings

from core.forms import StyledForm
from core.queries import today
from disputes.actions.suggestions import Paper
from disputes.choices import SuggestionKind
from disputes.forms.fields import DayField, TextField
from disputes.queries.suggestions import usual_reply_day


class PaperForm(StyledForm, forms.Form):
    segmented = ("kind",)

    kind = forms.ChoiceField(label="种类", choices=SuggestionKind.choices, widget=forms.RadioSelect)
    addressee = TextField(label="发给", max_length=120, help_text="写全称，例如「罗定市人力资源和社会保障局」。")
    title = TextField(label="标题", max_length=80, rows=2)  # one line of a phone shows a third of it
    body = TextField(label="正文", max_length=10_000, rows=12, help_text="数字是起草时的；请逐句改成您的话。")
    version = forms.IntegerField(widget=forms.HiddenInput, required=False)

    def clean_title(self) -> str:
        """One line, whatever was typed over several."""
        return "".join(line.strip() for line in str(self.cleaned_data["title"]).splitlines())

    def paper(self) -> Paper:
        entered = self.cleaned_data
        return Paper(entered["kind"], entered["addressee"], entered["title"], entered["body"])


class SignForm(StyledForm, forms.Form):
    number = TextField(label="文号", max_length=60, required=False)
    on = DayField(label="签发日", initial=today)


def _reply_day() -> date:
    return usual_reply_day(today(), settings.SUGGESTION_REPLY_DAYS)


class SendForm(StyledForm, forms.Form):
    on = DayField(label="发出日", initial=today)
    reply_due_on = DayField(
        label="回复不晚于", initial=_reply_day, help_text="由法院写明；先填的日子是内部要求，不是法定期限。"
    )


class ReplyForm(StyledForm, forms.Form):
    on = DayField(label="回复日", initial=today)
    reply = TextField(label="回复", max_length=2_000, rows=4)
    measures = TextField(label="采取的措施", max_length=2_000, rows=4, required=False)


FORMS: dict[str, Any] = {"edit": PaperForm, "sign": SignForm, "send": SendForm, "reply": ReplyForm}

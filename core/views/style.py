"""The style page: every component in every state, with made-up facts, for looking at."""

from datetime import date
from types import SimpleNamespace
from typing import Any

from django import forms
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from core import access
from core.calendar import RestCalendar
from core.choices import Actor, Certainty, Sex, Unit
from core.forms import StyledForm
from core.models import Deadline, DeadlineRule

TODAY = date(2023, 9, 20)
REST_CALENDAR = RestCalendar(
    holidays=frozenset({date(2023, 9, 29), *(date(2023, 10, day) for day in range(1, 7))}),
    workdays=frozenset({date(2023, 10, 7), date(2023, 10, 8)}),
    published_years=frozenset({2023}),
)


class SampleForm(StyledForm, forms.Form):
    """One field of each kind; two of them wrong."""

    segmented = ("sex",)
    story = forms.CharField(
        label="经过", help_text="照当事人的话记：谁、什么时候、什么事。", widget=forms.Textarea({"rows": 3})
    )
    id_number = forms.CharField(label="身份证号码")
    sex = forms.ChoiceField(label="性别", choices=Sex.choices, widget=forms.RadioSelect)
    town = forms.ChoiceField(label="镇（街）", choices=[("", "请选择"), ("1", "太平镇"), ("2", "双东街道")])
    agreed_on = forms.DateField(label="达成协议的日期")
    note = forms.CharField(label="备注", required=False)
    number = forms.CharField(label="委派编号", disabled=True, help_text="由法院给，不能改。")
    told = forms.BooleanField(label="已告知：调解不收费、双方自愿、随时可以起诉")

    def clean(self) -> dict[str, Any]:
        self.add_error("id_number", "最后一位校验不对，请对照证件再看一遍。")
        self.add_error("agreed_on", "不能晚于今天（2023年9月20日）。")
        return self.cleaned_data


def sample_form() -> SampleForm:
    """The form as it comes back with two mistakes in it."""
    typed = {"story": "借了 48,000 元，说好年底还清。", "id_number": "445381196803120001", "sex": "male", "town": "1"}
    initial = {"number": "（2023）粤5381诉前调417号"}
    form = SampleForm({**typed, "agreed_on": "2023-10-02", "told": "on"}, initial=initial)
    form.is_valid()
    return form


def sample_deadlines() -> dict[str, Deadline]:
    """One unsaved deadline for each state of the chip."""
    rule = DeadlineRule(
        key="confirm_apply",
        title="申请司法确认",
        length=30,
        unit=Unit.CALENDAR,
        roll=True,
        start_event="协议生效",
        actor=Actor.PARTIES,
        basis="人民调解法第三十三条；民事诉讼法（2021）第八十五条、第二百零一条",
        certainty=Certainty.VERIFIED,
        valid_from=date(2022, 1, 1),
    )

    def deadline(base: date, raw: date, due: date, **others: Any) -> Deadline:
        return Deadline(
            kind=rule.key,
            title=rule.title,
            rule=rule,
            base_event_on=base,
            raw_due_on=raw,
            due_on=due,
            **others,
        )

    rolled = [f"2023-10-{day:02}" for day in range(1, 7)]
    first, tenth = date(2023, 9, 1), date(2023, 10, 7)
    return {
        "open": deadline(first, date(2023, 10, 1), tenth, skipped=rolled),
        "near": deadline(date(2023, 8, 24), date(2023, 9, 23), date(2023, 9, 23)),
        "today": deadline(date(2023, 8, 21), date(2023, 9, 20), date(2023, 9, 20)),
        "late": deadline(date(2023, 8, 19), date(2023, 9, 18), date(2023, 9, 18)),
        "hold": deadline(first, date(2023, 10, 1), tenth, skipped=rolled, suspended_on=date(2023, 9, 14)),
        "done": deadline(first, date(2023, 10, 1), tenth, settled_on=date(2023, 9, 11), settled_as="done"),
        "void": deadline(first, date(2023, 10, 1), tenth, settled_on=date(2023, 9, 11), settled_as="void"),
        "guess": deadline(date(2023, 12, 30), date(2024, 1, 29), date(2024, 1, 29), calendar_published=False),
    }


@require_safe
def style(request: HttpRequest) -> HttpResponse:
    """For whoever keeps the platform; nobody else has a use for it."""
    access.require(request.user, "core.view_style", message="样式页只由管理员查看。")
    context = {
        "today": TODAY,
        "due": SimpleNamespace(**sample_deadlines()),
        "form": sample_form(),
        "rest_calendar": REST_CALENDAR,
        "chart_kinds": ("line", "bar"),
    }
    return render(request, "core/style.html", context)

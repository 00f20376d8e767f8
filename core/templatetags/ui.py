"""Template tags and filters of the design language; built in, so no template has to load them."""

from datetime import date, datetime
from decimal import Decimal
from typing import Any

from django import template
from django.template import defaulttags
from django.utils import timezone
from django.utils.html import escape, format_html
from django.utils.safestring import SafeString

from core import access, clock_face, privacy, request_context
from core.addresses import address
from core.models import Deadline
from core.quick_templates import quickly
from core.shapes import icon, state_chip

register = template.Library()


def _today(context: template.Context) -> date:
    """The day a page is read on: `today` of the view, else the clock's."""
    today = context.get("today")
    return today if isinstance(today, date) else timezone.localdate()


def _as_date(value: date | datetime) -> date:
    if isinstance(value, datetime):
        return timezone.localtime(value).date() if timezone.is_aware(value) else value.date()
    return value


# shapes and words


register.simple_tag(icon)
register.simple_tag(state_chip)


@register.simple_tag
def bar(part: float, whole: float, css: str = "") -> SafeString:
    """A bar filled to part / whole; the figures stand beside it in words, so it is hidden from readers."""
    share = min(max(100 * part / whole, 0), 100) if whole else 0
    return format_html(
        '<svg class="bar" aria-hidden="true"><rect class="{}" width="{}%" height="100%"/></svg>', css, f"{share:.1f}"
    )


@register.inclusion_tag("components/empty.html")
def empty_state(
    text: str, url: str = "", label: str = "", *, title: str = "", found_nothing: bool = False
) -> dict[str, Any]:
    """An empty page says what to do first. Without a title the first sentence of `text` is it."""
    if not title:
        title, _, text = text.partition("。")
    return {"title": title, "text": text, "url": url, "label": label, "found_nothing": found_nothing}


@register.simple_tag(takes_context=True)
def quick(context: template.Context, name: str, **told: Any) -> SafeString:
    """A part of a page written by Jinja (docs/adr/0013): `{% quick "components/header.jinja" %}`.

    It is told `user`, `nav`, the form's token as `csrf`, and what else is given; it knows nothing else of the page. The
    token is drawn where it is written: a page without a form sets no cookie.
    """
    frame = {"user": context.get("user"), "nav": context.get("nav"), "csrf": context.get("csrf_token", "")}
    return quickly(name, frame | told)


@register.tag
def url(parser: template.base.Parser, token: template.base.Token) -> template.Node:
    """Django's `url`, by `core.addresses` where only keys are given."""
    node = defaulttags.url(parser, token)
    return _AddressNode(node.view_name, node.args, node.kwargs, node.asvar)


class _AddressNode(defaulttags.URLNode):
    def render(self, context: template.Context) -> str:
        if self.kwargs or self.asvar:
            return str(super().render(context))
        return address(self.view_name.resolve(context), *(key.resolve(context) for key in self.args))


@register.simple_tag
def request_id() -> str:
    """The id of this request, as a user reads it to the admin."""
    return request_context.current().request_id


@register.simple_tag(takes_context=True)
def can(context: template.Context, permission: str, subject: Any = None) -> bool:
    """Whether the user may: `{% can "mediation.accept_confirmation" request as may_accept %}`."""
    return access.allowed(context["user"], permission, subject)


@register.simple_tag(takes_context=True)
def url_with(context: template.Context, **changes: Any) -> str:
    """The present address with some query parameters changed; an empty value takes its parameter away."""
    query = context["request"].GET.copy()
    for name, value in changes.items():
        if value in (None, ""):
            query.pop(name, None)
        else:
            query[name] = str(value)
    return f"?{query.urlencode()}"


@register.filter
def at_key(words: dict[str, Any], key: str) -> Any:
    """words[key], or the key itself when there is none."""
    return words.get(key, key)


# dates, money, masks


@register.filter
def cn_date(value: date | datetime | None) -> str:
    """9月20日 this year, 2023年9月20日 elsewhere; "—" for none."""
    return clock_face.cn_date(_as_date(value), timezone.localdate()) if value else "—"


@register.filter
def cn_weekday_date(value: date | datetime | None) -> str:
    """9月20日（星期三）"""
    return f"{cn_date(value)}（星期{clock_face.WEEKDAYS[_as_date(value).weekday()]}）" if value else "—"


@register.filter
def cn_full_date(value: date | datetime | None) -> str:
    """2023年9月20日 whatever the year, for papers."""
    return clock_face.cn_full_date(_as_date(value)) if value else "—"


@register.filter
def cn_time(value: datetime | None) -> str:
    """9月20日 16:40"""
    return f"{cn_date(value)} {timezone.localtime(value):%H:%M}" if value else "—"


@register.filter
def money(value: Decimal | float | None, unit: str = " 元") -> str:
    """48,000 元; cents only where there are some; "—" for none. `|money:""` leaves the unit to the table's head."""
    if value is None or value == "":
        return "—"
    amount = Decimal(str(value))
    return f"{amount:,.0f}{unit}" if amount == amount.to_integral_value() else f"{amount:,.2f}{unit}"


@register.filter
def percent(part: float, whole: float) -> str:
    """81.4% of part / whole; "—" of nothing."""
    return f"{100 * part / whole:.1f}%" if whole else "—"


register.filter("mask_phone", privacy.mask_phone)
register.filter("mask_id", privacy.mask_id_number)
register.filter("mask_address", privacy.mask_address)
register.filter("mask_text", privacy.mask_text)


@register.simple_tag
def late_entry(day: date | None, recorded_at: datetime | None) -> SafeString:
    """补录 beside a day written down long after it, else nothing: `{% late_entry row.held_on row.recorded_at %}`."""
    if day is None or recorded_at is None or not clock_face.is_late_entry(_as_date(day), recorded_at):
        return SafeString("")
    return format_html('<span class="late-entry nowrap" title="录入于 {}">补录</span>', cn_full_date(recorded_at))


# the legal clock


@register.simple_tag(takes_context=True)
def due_chip(
    context: template.Context, deadline: Deadline, *, title: bool = False, ruler: bool = True, at_right: bool = False
) -> SafeString:
    """What is left of a deadline; a press opens how it was counted. No query when it was loaded with its rule.

    `rest_calendar` in the page's context lets the ruler hatch every rest day, not only the skipped ones.
    `title=True` names the matter on the chip, `ruler=False` leaves the day ruler out (long lists),
    `at_right=True` opens the card leftwards.
    """
    today = _today(context)
    face = clock_face.chip(deadline, today)
    cells = _cells(context, deadline) if ruler else []
    matter = f"{escape(deadline.title)}　" if title else ""
    return SafeString(
        f'<details class="{f"due {face.css}".strip()}"><summary>{icon(face.icon)}<b>{face.left}</b>'
        f"<span>{matter}{face.day}</span></summary>"
        f"{_due_card(deadline, today, face, cells, css='at-right' if at_right else '')}</details>"
    )


@register.simple_tag(takes_context=True)
def due_card(context: template.Context, deadline: Deadline) -> SafeString:
    """The opened count by itself, standing in the page."""
    today = _today(context)
    return _due_card(deadline, today, clock_face.chip(deadline, today), _cells(context, deadline), css="is-inline")


@register.simple_tag(takes_context=True)
def day_ruler(context: template.Context, deadline: Deadline) -> SafeString:
    """The small ruler of a queue's row."""
    return _ruler(_cells(context, deadline), css="is-mini")


def _cells(context: template.Context, deadline: Deadline) -> list[clock_face.Cell]:
    return clock_face.ruler(deadline, _today(context), context.get("rest_calendar"))


def _due_card(
    deadline: Deadline, today: date, face: clock_face.Chip, cells: list[clock_face.Cell], *, css: str
) -> SafeString:
    """Written by hand, not by format_html: a list holds fifty. Words from the database are escaped one by one."""
    counted = "".join(f"<dt>{term}</dt><dd>{escape(words)}</dd>" for term, words in clock_face.count_list(deadline))
    return SafeString(
        f'<div class="{f"due-card {css}".strip()}"><p class="due-title">{escape(deadline.title)}，最后一日 '
        f'{clock_face.cn_date(deadline.due_on, today)}</p><p class="mb-0">{face.left}　{face.day}</p>'
        f'{_ruler(cells)}<dl class="count-list">{counted}</dl></div>'
    )


def _ruler(cells: list[clock_face.Cell], css: str = "") -> SafeString:
    """The cells in a row; without labels when it is the small one. Class names and figures of our own only."""
    if not cells:
        return SafeString("")
    drawn = "".join(
        f'<i class="{cell.css}"><b class="{cell.label_css}">{cell.label}</b></i>'
        if cell.label and not css
        else f'<i class="{cell.css}"></i>'
        for cell in cells
    )
    return SafeString(f'<div class="{f"ruler {css}".strip()}" aria-hidden="true">{drawn}</div>')

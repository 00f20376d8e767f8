"""Small pieces of the design language as markup: icons and the chip of a state. Both kinds of templates use them."""

from functools import cache

from django.templatetags.static import static
from django.utils.html import format_html
from django.utils.safestring import SafeString

STATE_ICONS = {
    "run": "clock",
    "ok": "ok",
    "warn": "warn",
    "stop": "no",
    "judge": "hand",
    "idle": "list",
    "void": "dash",
}


def icon(name: str, label: str = "") -> SafeString:
    """An icon of the sprite: `{% icon "check" %}`; with a label it speaks, without it is silent."""
    if label:
        return format_html(
            '<svg class="i" role="img" aria-label="{}"><use href="{}#i-{}"/></svg>', label, static("sprite.svg"), name
        )
    return _silent_icon(name)


@cache
def _silent_icon(name: str) -> SafeString:
    return format_html('<svg class="i" aria-hidden="true"><use href="{}#i-{}"/></svg>', static("sprite.svg"), name)


def state_chip(kind: str, words: str, icon_name: str = "") -> SafeString:
    """The state of a thing: `{% state_chip "ok" "达成协议" "check" %}`; kinds run ok warn stop judge idle void."""
    return format_html('<span class="state is-{}">{}{}</span>', kind, icon(icon_name or STATE_ICONS[kind]), words)

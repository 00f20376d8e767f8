"""What everybody may see of a point, without an account: where it is, when, whom to call. Nothing of a case."""

from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.safestring import SafeString, mark_safe
from django.views.decorators.http import require_safe

from liaison import queries
from liaison.models import LiaisonPoint
from liaison.views.doors import enter
from roster.surnames import surname_of

SHEETS = ("A4", "A3")


@login_not_required
@require_safe
def public_point(request: HttpRequest, town_code: str) -> HttpResponse:
    """Where the plaque's QR code leads: four queries for anybody; 404 for a point that was never opened."""
    point = get_object_or_404(LiaisonPoint.objects.select_related("town"), town_code=town_code)
    context = {"point": point, "town": point.town, "hours": queries.hours_said()}
    now = queries.duty_now(point)
    context |= {"duty_now": now, "there": [f"{surname_of(name)}老师" for name in now.names]}
    return render(request, "liaison/public.html", context)


@require_safe
def plaque(request: HttpRequest, town_code: str) -> HttpResponse:
    """The sheet to print and hang at the door: name, place, duty phone, the QR code of the public page."""
    user = enter(request, "liaison.view_points")
    point = queries.point_for(user, town_code)
    asked = request.GET.get("size", "")
    address = request.build_absolute_uri(reverse("public:point", args=[point.town_code]))
    size = asked if asked in SHEETS else SHEETS[0]
    context = {"point": point, "town": point.town, "address": address, "qr": _qr(address), "size": size}
    return render(request, "liaison/plaque.html", context | {"sheets": SHEETS})


def _qr(address: str) -> SafeString:
    """The address as an SVG without styles or scripts; a quarter of it may be scratched and it still reads."""
    import segno  # noqa: PLC0415 (a megabyte of every process, for a sheet printed once)

    svg = segno.make(address, error="q", micro=False).svg_inline(
        omitsize=True, dark="#000", light="#fff", svgclass="plaque-qr", title="扫码看联络点"
    )
    return mark_safe(svg)  # noqa: S308 (nothing but the modules of a QR code stands in it)

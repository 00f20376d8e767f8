"""For machines that watch: alive, and ready to serve."""

from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from core import health


@login_not_required
@never_cache
@require_safe
def healthz(_request: HttpRequest) -> HttpResponse:
    """This process answers."""
    return HttpResponse("ok\n", content_type="text/plain")


@login_not_required
@never_cache
@require_safe
def readyz(_request: HttpRequest) -> JsonResponse:
    """Database, broker, migrations and the age of the last sweep; 503 when one of them fails."""
    found = health.everything()
    return JsonResponse({"ready": all(found.values()), **found}, status=200 if all(found.values()) else 503)

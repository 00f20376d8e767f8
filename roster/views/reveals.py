"""One clear fact of a person, for a reason; and, for oneself, who has looked."""

from typing import Any
from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from core.choices import Role
from core.errors import Refused
from core.forms import add_refusal
from core.paging import capped_count, keyset_page
from roster import queries
from roster.actions.staff import REVEALABLE, reveal_fact
from roster.forms.accounts import RevealForm
from roster.queries.accounts import looks_at
from roster.views.doors import UNPROCESSABLE, enter

MAY_READ_NAMES = (Role.ADMIN, Role.AUDITOR)


@require_POST
@never_cache
def staff_reveal(request: HttpRequest, staff_id: UUID) -> HttpResponse:
    """The fact in clear, once the reason is written down; in place for htmx, else a page of its own."""
    user = enter(request, "roster.reveal")
    staff = queries.person_for(user, staff_id)
    form = RevealForm(request.POST)
    context: dict[str, Any] = {"staff": staff, "form": form, "back": reverse("roster:person", args=[staff.pk])}
    if form.is_valid():
        field = form.cleaned_data["field"]
        context |= {"is_phone": field == "phone", "label": REVEALABLE.get(field, "")}
        try:
            context["value"] = reveal_fact(staff_id=staff.pk, field=field, reason=form.cleaned_data["reason"], by=user)
        except Refused as refused:
            add_refusal(form, refused)
    template = "components/revealed.html" if request.headers.get("HX-Request") else "roster/revealed.html"
    return render(request, template, context, status=UNPROCESSABLE if form.errors else 200)


@never_cache
@require_safe
def own_record(request: HttpRequest) -> HttpResponse:
    """谁看过我的资料: role and unit of who looked; the name only for those who read the trail anyway."""
    assert request.user.is_authenticated
    staff = getattr(request.user, "staff", None)
    if staff is None:
        raise Http404("not in the roster")
    looks = looks_at(staff)
    context = {
        "page": keyset_page(looks, order=("-at", "-id"), cursor=request.GET.get("cursor")),
        "count": capped_count(looks),
        "facts": REVEALABLE,
        "roles": dict(Role.choices),
        "with_names": request.user.role in MAY_READ_NAMES,
    }
    return render(request, "roster/own_record.html", context)

"""One clear fact of a person, for a reason; and, for oneself, who has looked."""

from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from core.choices import Role
from core.paging import capped_count, keyset_page
from core.views.reveals import reveal_answer
from roster import queries
from roster.actions.staff import REVEALABLE, reveal_fact
from roster.forms.accounts import RevealForm
from roster.queries.accounts import looks_at
from roster.views.doors import enter

MAY_READ_NAMES = (Role.ADMIN, Role.AUDITOR)


@require_POST
@never_cache
def staff_reveal(request: HttpRequest, staff_id: UUID) -> HttpResponse:
    """The fact in clear, once the reason is written down; in place for htmx, else a page of its own."""
    user = enter(request, "roster.reveal")
    staff = queries.person_for(user, staff_id)
    back = reverse("roster:person", args=[staff.pk])
    told = {"staff": staff, "key": staff.pk, "also": "，本人也看得到", "back": back}

    def show(field: str, reason: str) -> str:
        return reveal_fact(staff_id=staff.pk, field=field, reason=reason, by=user)

    return reveal_answer(
        request, RevealForm(request.POST), show, labels=REVEALABLE, page="roster/revealed.html", told=told
    )


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

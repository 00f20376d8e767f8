"""Days away of one person: noted, called off."""

from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_POST

from core.access import require
from core.errors import Refused
from core.forms import add_refusal
from core.queries import said
from roster import queries
from roster.actions.absences import WHO_NOTES, add_absence, cancel_absence
from roster.actions.staff import open_seats
from roster.forms.people import AbsenceForm
from roster.views.doors import UNPROCESSABLE, enter


@require_http_methods(["GET", "HEAD", "POST"])
def absence_new(request: HttpRequest, staff_id: UUID) -> HttpResponse:
    """Say from when to when a person is away, and who stands in."""
    user = enter(request, "roster.note_absence")
    staff = queries.person_for(user, staff_id)
    require(user, "roster.note_absence", open_seats(staff), message=WHO_NOTES)
    posted = request.POST if request.method == "POST" else None
    form = AbsenceForm(posted, substitutes=queries.substitute_choices(user, staff))
    if form.is_bound and form.is_valid():
        data = dict(form.cleaned_data)
        try:
            absence = add_absence(staff_id=staff.pk, substitute_id=data.pop("substitute"), by=user, **data)
        except Refused as refused:
            add_refusal(form, refused)
        else:
            who = f"，由{absence.substitute}代班" if absence.substitute else "，还没有定代班人"
            messages.success(request, f"{staff}{queries.days_away(absence)}不在岗{who}。")
            theirs, are_more = queries.left_without(user, absence)
            for one in theirs:
                messages.warning(request, f"{one.staff}{queries.days_away(one)}不在岗，原由{staff}代班：请另定代班人。")
            if are_more:
                messages.warning(request, f"{staff}这几天在别的镇（街）也有代班，请告诉管理员或司法局。")
            return redirect("roster:person", staff.pk)
    context = {"staff": staff, "form": form}
    return render(request, "roster/absence_new.html", context, status=UNPROCESSABLE if form.is_bound else 200)


@require_POST
def absence_cancel(request: HttpRequest, staff_id: UUID, absence_id: int) -> HttpResponse:
    """Call it off, strike it out, or say that the person is back today."""
    user = enter(request, "roster.note_absence")
    staff = queries.person_for(user, staff_id)
    require(user, "roster.note_absence", open_seats(staff), message=WHO_NOTES)
    absence = cancel_absence(absence_id=queries.absence_for(staff, absence_id).pk, by=user)
    done = "已取消" if absence.cancelled_at else f"记到 {said(absence.to_on)}为止，今天起回岗"
    messages.success(request, f"{staff}的不在岗{done}。")
    return redirect("roster:person", staff.pk)

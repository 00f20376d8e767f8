"""What is typed into the intake form, kept while it is typed; and given up."""

from uuid import uuid4

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_POST

from core import held_forms
from core.actions.drafts import Sheet
from core.errors import Refused
from disputes.actions import drafts
from disputes.actions.attachments import drop_staged
from disputes.forms.intake import is_begun
from disputes.queries.attachments import staged_key
from disputes.queries.drafts import KEY, kept_intakes
from disputes.views.attachments import listed, uuid_in
from disputes.views.doors import enter
from disputes.views.intake import FRESH, page_as_typed


@held_forms.keeps_parts
@require_POST
def draft(request: HttpRequest) -> HttpResponse:
    """Keep the form as far as it is typed; an emptied one is forgotten. What waited behind the door is opened again."""
    user = enter(request, "disputes.register")
    fields, held = held_forms.form_of(request).fields, held_forms.OF_A_PART in request.GET
    sheet = _sheet(request, elsewhere=held)
    if not is_begun(fields):
        drafts.drop_emptied(sheet=sheet, by=user)
        return redirect("disputes:new") if held else render(request, "disputes/_draft.html")
    try:
        kept = drafts.keep_intake(sheet=sheet, fields=fields, listed=listed(request), by=user)
    except Refused as refused:
        if held:
            messages.warning(request, str(refused))
            return page_as_typed(request, user)
        return render(request, "disputes/_draft.html", {"refused": refused})
    # `form`: gone back to when the draft is no more, the page still knows what its form became
    where = f"{reverse('disputes:new')}?draft={kept.draft.pk}&form={kept.draft.key}"
    if held:
        held_forms.forget(request)
        for lost in kept.files:
            if lost.words:
                messages.warning(request, lost.words)
        return redirect(where)
    context = {"draft": kept.draft, "draft_seen": kept.draft.version, "is_apart": kept.is_apart}
    context |= {"along": kept.files, "has_lost_files": kept.has_lost_files}
    answer = render(request, "disputes/_draft.html", context)
    answer["HX-Replace-Url"] = where  # opened anew, the page is this very form
    return answer


def _sheet(request: HttpRequest, *, elsewhere: bool) -> Sheet:
    """The form in hand; what waited behind the door counts as another page: the one it came from may have gone on."""
    key, page = (uuid_in(request.POST.get(name, "")) for name in (KEY, drafts.PAGE))
    seen = request.POST.get(drafts.SEEN, "")
    return drafts.sheet_of(key=str(key or ""), page=str(uuid4() if elsewhere else page or ""), seen=seen)


@require_POST
def draft_drop(request: HttpRequest) -> HttpResponse:
    """Give one up, with its files, and begin with an empty form; unless it is said which, the only one.

    `shut`: it was given up because it could not be opened. One that can be opened again stays.
    """
    user = enter(request, "disputes.register")
    (begun, shut), wanted = kept_intakes(user), uuid_in(request.POST.get("draft", ""))
    if unreadable := next((one for one in shut if one.pk == wanted), None):
        drop_staged(key=unreadable.key, by=user)
        drafts.drop_intake(key=unreadable.key, by=user)
        messages.success(request, "打不开的那一份删掉了。")
        return redirect("disputes:new")
    if "shut" in request.POST and any(one.draft.pk == wanted for one in begun):
        messages.info(request, "这一份又打得开了，没有删，接着写就是。")
        return redirect(f"{reverse('disputes:new')}?draft={wanted}")
    given_up = [one for one in begun if one.draft.pk == wanted] if wanted else begun if len(begun) == 1 else []
    if not (begun or wanted) and (key := staged_key(user, but=[one.key for one in shut])):
        drop_staged(key=key, by=user)
    for one in given_up:
        drop_staged(key=one.key, by=user)
        drafts.drop_intake(key=one.draft.key, by=user)
    if (begun or wanted) and not given_up:
        messages.info(request, "那一份已经登记或者删掉了。")
    else:
        messages.success(request, "草稿不要了，从头填。")
    return redirect(f"{reverse('disputes:new')}?{FRESH}=1")

"""URLs of what ties a dispute to other towns and other disputes, and of its notes; put under /mediation/."""

from django.urls import path

from mediation.views import together, towns

urlpatterns = [
    path("<mediated:code>/together/", together.together_slot, name="together"),
    path("<mediated:code>/group/", together.group, name="group"),
    path("<mediated:code>/group/session/", together.group_session, name="group-session"),
    path("<mediated:code>/notes/", together.note_new, name="note-new"),
    path("<mediated:code>/notes/<uuid:note_id>/strike/", together.note_strike, name="note-strike"),
    path("<mediated:code>/link/", together.link_new, name="link-new"),
    path("<mediated:code>/link/cut/", together.link_cut, name="link-cut"),
    path("<mediated:code>/merge/", together.merge, name="merge"),
    path("<mediated:code>/hold/", together.hold, name="hold"),
    path("<mediated:code>/towns/ask/", towns.town_ask, name="town-ask"),
    path("<mediated:code>/towns/answer/", towns.town_answer, name="town-answer"),
    path("<mediated:code>/towns/withdraw/", towns.town_withdraw, name="town-withdraw"),
    path("<mediated:code>/towns/<int:request_id>/end/", towns.joint_end, name="joint-end"),
    path("<mediated:code>/towns/<int:request_id>/county/", towns.county_ask, name="county-ask"),
    path("<mediated:code>/towns/<int:request_id>/decide/", towns.lead_decide, name="lead-decide"),
]

"""Addresses of the roster."""

from django.urls import path

from roster.views import (
    absences,
    accounts,
    import_rows,
    imports,
    people,
    person,
    platform,
    reveals,
    submissions,
    teams,
)

app_name = "roster"
urlpatterns = [
    path("", people.people_list, name="list"),
    path("search/", people.people_search, name="search"),
    path("people/<uuid:staff_id>/", person.person, name="person"),
    path("people/<uuid:staff_id>/edit/", person.person_edit, name="person-edit"),
    path("people/<uuid:staff_id>/platform/", person.person_platform, name="person-platform"),
    path("people/<uuid:staff_id>/absences/new/", absences.absence_new, name="absence-new"),
    path("people/<uuid:staff_id>/absences/<int:absence_id>/cancel/", absences.absence_cancel, name="absence-cancel"),
    path("people/<uuid:staff_id>/terms/", person.term_start, name="term-start"),
    path("people/<uuid:staff_id>/terms/<int:term_id>/end/", person.term_end, name="term-end"),
    path("people/<uuid:staff_id>/reveal/", reveals.staff_reveal, name="reveal"),
    path("own/", reveals.own_record, name="own-record"),
    path("accounts/", accounts.accounts, name="accounts"),
    path("accounts/open/", accounts.accounts_open, name="accounts-open"),
    path("accounts/reissue/", accounts.accounts_reissue, name="accounts-reissue"),
    path("teams/", teams.teams, name="teams"),
    path("teams/<str:code>/", teams.team, name="team"),
    path("platform/", platform.platform, name="platform"),
    path("platform/<str:code>/", platform.platform_town, name="platform-town"),
    path("submissions/", submissions.submission_list, name="submissions"),
    path("submissions/new/", submissions.submission_new, name="submission-new"),
    path("submissions/units/<str:unit>/", submissions.submission_unit, name="submission-unit"),
    path("submissions/<int:submission_id>/", submissions.submission_edit, name="submission-edit"),
    path("submissions/<int:submission_id>/void/", submissions.submission_void, name="submission-void"),
    path("submissions/<int:submission_id>/letter/", submissions.submission_letter, name="submission-letter"),
    path("import/", imports.upload, name="import"),
    path("import/<uuid:import_id>/", imports.preview, name="import-preview"),
    path("import/<uuid:import_id>/settle/", imports.settle, name="import-settle"),
    path("import/<uuid:import_id>/progress/", imports.progress, name="import-progress"),
    path("import/<uuid:import_id>/recheck/", imports.recheck, name="import-recheck"),
    path("import/<uuid:import_id>/rows/<int:place>/", import_rows.mend, name="import-row"),
    path("import/<uuid:import_id>/marked/", import_rows.marked, name="import-marked"),
    path("import/<uuid:import_id>/apply/", imports.apply, name="import-apply"),
    path("import/<uuid:import_id>/discard/", imports.discard, name="import-discard"),
]

"""Addresses of the roster."""

from django.urls import path

from roster.views import accounts, imports, people, reveals, teams

app_name = "roster"
urlpatterns = [
    path("", people.people_list, name="list"),
    path("search/", people.people_search, name="search"),
    path("people/<uuid:staff_id>/", people.person, name="person"),
    path("people/<uuid:staff_id>/terms/", people.term_start, name="term-start"),
    path("people/<uuid:staff_id>/terms/<int:term_id>/end/", people.term_end, name="term-end"),
    path("people/<uuid:staff_id>/reveal/", reveals.staff_reveal, name="reveal"),
    path("own/", reveals.own_record, name="own-record"),
    path("accounts/", accounts.accounts, name="accounts"),
    path("accounts/open/", accounts.accounts_open, name="accounts-open"),
    path("accounts/reissue/", accounts.accounts_reissue, name="accounts-reissue"),
    path("teams/", teams.teams, name="teams"),
    path("teams/<str:code>/", teams.team, name="team"),
    path("import/", imports.upload, name="import"),
    path("import/<uuid:import_id>/", imports.preview, name="import-preview"),
    path("import/<uuid:import_id>/settle/", imports.settle, name="import-settle"),
    path("import/<uuid:import_id>/apply/", imports.apply, name="import-apply"),
    path("import/<uuid:import_id>/discard/", imports.discard, name="import-discard"),
]

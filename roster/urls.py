"""Addresses of the roster."""

from django.urls import path

from roster.views import import_rows, imports, people, teams

app_name = "roster"
urlpatterns = [
    path("", people.people_list, name="list"),
    path("search/", people.people_search, name="search"),
    path("people/<uuid:staff_id>/", people.person, name="person"),
    path("people/<uuid:staff_id>/terms/", people.term_start, name="term-start"),
    path("people/<uuid:staff_id>/terms/<int:term_id>/end/", people.term_end, name="term-end"),
    path("teams/", teams.teams, name="teams"),
    path("teams/<str:code>/", teams.team, name="team"),
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

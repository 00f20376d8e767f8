"""Addresses of the roster."""

from django.urls import path

from roster.views import exports, imports, people, teams

app_name = "roster"
urlpatterns = [
    path("", people.people_list, name="list"),
    path("search/", people.people_search, name="search"),
    path("people/<uuid:staff_id>/", people.person, name="person"),
    path("people/<uuid:staff_id>/terms/", people.term_start, name="term-start"),
    path("people/<uuid:staff_id>/terms/<int:term_id>/end/", people.term_end, name="term-end"),
    path("teams/", teams.teams, name="teams"),
    path("teams/<str:code>/", teams.team, name="team"),
    path("export/", exports.export, name="export"),
    path("export/<uuid:export_id>/", exports.status, name="export-status"),
    path("export/<uuid:export_id>/file/", exports.file, name="export-file"),
    path("template/", exports.template, name="template"),
    path("import/", imports.upload, name="import"),
    path("import/<uuid:import_id>/", imports.preview, name="import-preview"),
    path("import/<uuid:import_id>/settle/", imports.settle, name="import-settle"),
    path("import/<uuid:import_id>/apply/", imports.apply, name="import-apply"),
    path("import/<uuid:import_id>/discard/", imports.discard, name="import-discard"),
]

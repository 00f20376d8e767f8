"""URLs under /disputes/, and of the routing table under /manage/; the page of one dispute is mediation's."""

from django.urls import path, register_converter

from disputes.codes import DisputeCodeConverter
from disputes.views import (
    attachments,
    clusters,
    exports,
    files,
    hidden_dangers,
    intake,
    ledger,
    ledger_imports,
    ledger_rows,
    routing,
    saved_filters,
    steps,
    suggestions,
)

register_converter(DisputeCodeConverter, "dispute")

app_name = "disputes"
urlpatterns = [
    path("", ledger.dispute_list, name="list"),
    path("search/", ledger.dispute_search, name="search"),
    path("saved/", saved_filters.filter_save, name="filter-save"),
    path("saved/<uuid:saved_filter>/", saved_filters.filter_follow, name="filter"),
    path("saved/<uuid:saved_filter>/rename/", saved_filters.filter_rename, name="filter-rename"),
    path("saved/<uuid:saved_filter>/delete/", saved_filters.filter_delete, name="filter-delete"),
    path("export/", exports.dispute_export, name="export"),
    path("export/<uuid:ledger_export>/", exports.export_status, name="export-status"),
    path("export/<uuid:ledger_export>/file/", exports.export_file, name="export-file"),
    path("import/", ledger_imports.ledger_import, name="import"),
    path("import/template/", ledger_imports.import_template, name="import-template"),
    path("import/<uuid:ledger_upload>/", ledger_imports.import_preview, name="import-preview"),
    path("import/<uuid:ledger_upload>/columns/", ledger_imports.import_columns, name="import-columns"),
    path("import/<uuid:ledger_upload>/progress/", ledger_imports.import_progress, name="import-progress"),
    path("import/<uuid:ledger_upload>/rows/<int:sheet>/<int:number>/", ledger_rows.import_row, name="import-row"),
    path("import/<uuid:ledger_upload>/apply/", ledger_imports.import_apply, name="import-apply"),
    path("import/<uuid:ledger_upload>/recheck/", ledger_imports.import_recheck, name="import-recheck"),
    path("import/<uuid:ledger_upload>/discard/", ledger_imports.import_discard, name="import-discard"),
    path("import/<uuid:ledger_upload>/marked/", ledger_imports.import_marked, name="import-marked"),
    path("new/", intake.dispute_new, name="new"),
    path("suggest/", intake.suggestion, name="suggest"),
    path("known/", intake.known, name="known"),
    path("questions/", intake.type_questions, name="questions"),
    path("attachments/", attachments.attachments, name="attachments"),
    path("homes/", files.home_options, name="homes"),
    path("draft/", intake.draft, name="draft"),
    path("draft/drop/", intake.draft_drop, name="draft-drop"),
    path("clusters/", clusters.cluster_list, name="clusters"),
    path("clusters/<int:pk>/", clusters.cluster, name="cluster"),
    path("clusters/<int:pk>/acknowledge/", clusters.cluster_acknowledge, name="cluster-acknowledge"),
    path("clusters/<int:pk>/close/", clusters.cluster_close, name="cluster-close"),
    path("dangers/", hidden_dangers.danger_list, name="dangers"),
    path("dangers/new/", hidden_dangers.danger_new, name="danger-new"),
    path("dangers/<int:pk>/", hidden_dangers.danger, name="danger"),
    path("dangers/<int:pk>/close/", hidden_dangers.danger_close, name="danger-close"),
    path("suggestions/", suggestions.suggestion_list, name="suggestions"),
    path("suggestions/new/", suggestions.suggestion_new, name="suggestion-new"),
    path("suggestions/<int:pk>/", suggestions.suggestion, name="suggestion"),
    path("suggestions/<int:pk>/paper/", suggestions.suggestion_paper, name="suggestion-paper"),
    path("suggestions/<int:pk>/<slug:verb>/", suggestions.suggestion_step, name="suggestion-step"),
    path("<dispute:code>/warnings/", clusters.warnings_of, name="warnings-of"),
    path("<dispute:code>/edit/", files.dispute_edit, name="edit"),
    path("<dispute:code>/numbers/", files.story_numbers, name="numbers"),
    path("<dispute:code>/route/", steps.dispute_route, name="route"),
    path("<dispute:code>/refer-out/", steps.dispute_refer_out, name="refer-out"),
    path("<dispute:code>/end/", steps.dispute_end, name="end"),
    path("<dispute:code>/risk/<int:flag_id>/acknowledge/", steps.risk_acknowledge, name="acknowledge-risk"),
    path("<dispute:code>/risk/<int:flag_id>/lower/", steps.risk_lower, name="lower-risk"),
    path("<dispute:code>/parties/new/", files.party_add, name="add-party"),
    path("<dispute:code>/parties/<uuid:party_id>/", files.party_edit, name="edit-party"),
    path("<dispute:code>/parties/<uuid:party_id>/consent/", files.party_consent, name="consent"),
    path("<dispute:code>/parties/<uuid:party_id>/reveal/", steps.party_reveal, name="reveal"),
]

routing_urls = [
    path("", routing.rule_list, name="rules"),
    path("new/", routing.rule_new, name="rule-new"),
    path("<int:pk>/", routing.rule_edit, name="rule"),
]

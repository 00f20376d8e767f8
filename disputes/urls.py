"""URLs under /disputes/, and of the routing table under /manage/; the page of one dispute is mediation's."""

from django.urls import path, register_converter

from disputes.codes import DisputeCodeConverter
from disputes.views import attachments, files, intake, ledger, routing, steps

register_converter(DisputeCodeConverter, "dispute")

app_name = "disputes"
urlpatterns = [
    path("", ledger.dispute_list, name="list"),
    path("search/", ledger.dispute_search, name="search"),
    path("export/", ledger.dispute_export, name="export"),
    path("new/", intake.dispute_new, name="new"),
    path("suggest/", intake.suggestion, name="suggest"),
    path("known/", intake.known, name="known"),
    path("questions/", intake.type_questions, name="questions"),
    path("attachments/", attachments.attachments, name="attachments"),
    path("draft/", intake.draft, name="draft"),
    path("draft/drop/", intake.draft_drop, name="draft-drop"),
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

"""The one dispute page at /disputes/<code>/, the steps of its mediation under /mediation/, the court under /court/."""

from django.urls import URLPattern, URLResolver, include, path, register_converter

from disputes.codes import DisputeCodeConverter
from mediation.views import agreements, documents, register_sheet, sessions, steps
from mediation.views.dispute_page import dispute_page

register_converter(DisputeCodeConverter, "mediated")

mediation_urls: list[URLPattern | URLResolver] = [
    path("<mediated:code>/start/", steps.start, name="start"),
    path("<mediated:code>/sessions/new/", sessions.session_new, name="session-new"),
    path("<mediated:code>/sessions/<uuid:session_id>/word/", documents.session_word, name="session-docx"),
    path("<mediated:code>/agreement/new/", agreements.agreement_new, name="agreement-new"),
    path("<mediated:code>/agreement/edit/", agreements.agreement_edit, name="agreement-edit"),
    path("<mediated:code>/agreement/sign/", agreements.agreement_sign, name="agreement-sign"),
    path("<mediated:code>/agreement/word/", documents.agreement_word, name="agreement-docx"),
    path("<mediated:code>/performance/", steps.performance_done, name="performance-done"),
    path("<mediated:code>/papers/new/", steps.paper_new, name="paper-new"),
    path("<mediated:code>/register-sheet/", register_sheet.register_sheet, name="register-sheet"),
    path("<mediated:code>/waive-confirmation/", steps.waive, name="waive"),
    path("<mediated:code>/fail/", steps.fail, name="fail"),
    path("<mediated:code>/end/", steps.end, name="end"),
    path("<mediated:code>/reopen/", steps.reopen, name="reopen"),
    path("<mediated:code>/archive/", steps.archive, name="archive"),
    path("", include("mediation.together_urls")),
    path("", include("mediation.confirmation_urls")),
]

urlpatterns: list[URLPattern | URLResolver] = [
    path("disputes/<mediated:code>/", dispute_page, name="dispute-page"),
    path("mediation/", include((mediation_urls, "mediation"))),
    path("court/", include("mediation.court_urls")),
]

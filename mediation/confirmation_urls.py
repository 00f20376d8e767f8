"""URLs of the town's side of confirmation, guidance and entrustment; `mediation.urls` puts them under /mediation/."""

from django.urls import path

from mediation.views import confirmation, confirmation_papers, guidance

urlpatterns = [
    path("<mediated:code>/confirmation/", confirmation.confirmation_new, name="confirmation-new"),
    path("<mediated:code>/confirmation/submit/", confirmation.confirmation_submit, name="confirmation-submit"),
    path("<mediated:code>/confirmation/discard/", confirmation.confirmation_discard, name="confirmation-discard"),
    path("<mediated:code>/confirmation/word/", confirmation_papers.application_word, name="confirmation-docx"),
    path(
        "<mediated:code>/confirmation/supplement/", confirmation.confirmation_supplement, name="confirmation-supplement"
    ),
    path("<mediated:code>/guidance/", guidance.guidance_ask, name="guidance-ask"),
    path("<mediated:code>/entrustment/", guidance.entrustment, name="entrustment"),
]

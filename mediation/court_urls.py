"""URLs under /court/: confirmation requests, guidance, entrustments."""

from django.urls import path

from mediation.views import confirmation_papers as papers
from mediation.views import court, court_export, guidance

app_name = "court"
urlpatterns = [
    path("confirmations/", court.confirmations, name="confirmations"),
    path("confirmations/search/", court.confirmations_search, name="confirmations-search"),
    path("confirmations/accept/", court.confirmations_accept, name="confirmations-accept"),
    path("confirmations/export/", court_export.confirmations_export, name="confirmations-export"),
    path("confirmations/<int:pk>/", court.confirmation_review, name="confirmation-review"),
    path("confirmations/<int:pk>/papers/<slug:paper>/", papers.confirmation_paper, name="confirmation-paper"),
    path("confirmations/<int:pk>/<slug:verb>/", court.confirmation_step, name="confirmation-step"),
    path("guidance/", guidance.guidance, name="guidance"),
    path("guidance/<int:pk>/", guidance.guidance_answer, name="guidance-answer"),
    path("entrustments/", guidance.entrustments, name="entrustments"),
    path("entrustments/new/", guidance.entrustment_new, name="entrustment-new"),
]

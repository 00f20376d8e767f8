"""Pages of the liaison points, under /points/."""

from django.urls import path

from liaison.views import assistance, assistance_steps, duty, network, point, standard, systems

app_name = "liaison"
urlpatterns = [
    path("", network.network, name="list"),
    path("assistance/", assistance.assistance_list, name="assistance-list"),
    path("assistance/new/", assistance.assistance_new, name="assistance-new"),
    path("assistance/<uuid:pk>/", assistance.assistance, name="assistance"),
    path("assistance/<uuid:pk>/reveal/", assistance.assistance_reveal, name="assistance-reveal"),
    path("assistance/<uuid:pk>/receipt/", assistance.assistance_receipt, name="assistance-receipt"),
    path("assistance/<uuid:pk>/<slug:verb>/", assistance_steps.assistance_step, name="assistance-step"),
    path("<str:town_code>/assistance/", assistance.assistance_point, name="assistance-point"),
    path("<str:town_code>/", point.point_page, name="point"),
    path("<str:town_code>/open/", point.point_open, name="open"),
    path("<str:town_code>/items/<str:item>/report/", standard.item_report, name="item-report"),
    path("<str:town_code>/items/<str:item>/check/", standard.item_check, name="item-check"),
    path("<str:town_code>/items/<int:pk>/end/", standard.item_end, name="item-end"),
    path("<str:town_code>/systems/<str:kind>/", systems.system, name="system"),
    path("<str:town_code>/systems/<str:kind>/adopt/", systems.system_adopt, name="system-adopt"),
    path("<str:town_code>/duty/", duty.duty, name="duty"),
    path("<str:town_code>/duty/<int:pk>/hold/", duty.duty_hold, name="duty-hold"),
    path("<str:town_code>/duty/<int:pk>/cancel/", duty.duty_cancel, name="duty-cancel"),
    path("<str:town_code>/meetings/new/", duty.meeting_record, name="meeting-record"),
]

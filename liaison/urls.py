"""Pages of the liaison points under /points/; what everybody may see, under /go/."""

from django.urls import path

from liaison.views import (
    activities,
    activity_books,
    duty,
    duty_feed,
    duty_plan,
    network,
    point,
    public,
    standard,
    systems,
)

app_name = "liaison"
urlpatterns = [
    path("", network.network, name="list"),
    path("calendar/", duty_feed.duty_feed, name="duty-feed"),
    path("calendar/make/", duty_feed.duty_feed_make, name="duty-feed-make"),
    path("calendar/revoke/", duty_feed.duty_feed_revoke, name="duty-feed-revoke"),
    path("calendar/<str:token>.ics", duty_feed.duty_calendar, name="duty-calendar"),
    path("people/<uuid:staff_id>/trainings/", activity_books.trainings_of, name="trainings-of"),
    path("<str:town_code>/", point.point_page, name="point"),
    path("<str:town_code>/plaque/", public.plaque, name="plaque"),
    path("<str:town_code>/open/", point.point_open, name="open"),
    path("<str:town_code>/items/<str:item>/report/", standard.item_report, name="item-report"),
    path("<str:town_code>/items/<str:item>/check/", standard.item_check, name="item-check"),
    path("<str:town_code>/items/<int:pk>/end/", standard.item_end, name="item-end"),
    path("<str:town_code>/systems/<str:kind>/", systems.system, name="system"),
    path("<str:town_code>/systems/<str:kind>/adopt/", systems.system_adopt, name="system-adopt"),
    path("<str:town_code>/duty/", duty.duty, name="duty"),
    path("<str:town_code>/duty/now/", point.point_duty, name="point-duty"),
    path("<str:town_code>/duty/plan/", duty_plan.duty_plan, name="duty-plan"),
    path("<str:town_code>/duty/stand-in/", duty_plan.duty_stand_in, name="duty-stand-in"),
    path("<str:town_code>/duty/print/", duty_plan.duty_print, name="duty-print"),
    path("<str:town_code>/duty/<int:pk>/", duty.duty_shift, name="duty-shift"),
    path("<str:town_code>/duty/<int:pk>/reassign/", duty.duty_reassign, name="duty-reassign"),
    path("<str:town_code>/duty/<int:pk>/swap/", duty.duty_swap, name="duty-swap"),
    path("<str:town_code>/duty/<int:pk>/miss/", duty.duty_miss, name="duty-miss"),
    path("<str:town_code>/duty/<int:pk>/unmark/", duty.duty_unmark, name="duty-unmark"),
    path("<str:town_code>/duty/<int:pk>/hold/", duty.duty_hold, name="duty-hold"),
    path("<str:town_code>/duty/<int:pk>/cancel/", duty.duty_cancel, name="duty-cancel"),
    path("<str:town_code>/activities/", activity_books.activities, name="activities"),
    path("<str:town_code>/activities/plan/<int:year>/", activity_books.activity_plan, name="activity-plan"),
    path("<str:town_code>/activities/<slug:book>/new/", activity_books.activity_record, name="activity-record"),
    path("<str:town_code>/activities/<slug:book>/<int:pk>/", activity_books.activity, name="activity"),
    path(
        "<str:town_code>/activities/<slug:book>/<int:pk>/correct/",
        activity_books.activity_correct,
        name="activity-correct",
    ),
    path("<str:town_code>/meetings/new/", activities.meeting_record, name="meeting-record"),
    path("<str:town_code>/meetings/<int:pk>/", activities.meeting, name="meeting"),
    path("<str:town_code>/meetings/<int:pk>/correct/", activities.meeting_correct, name="meeting-correct"),
    path("<str:town_code>/decisions/<int:pk>/done/", activities.decision_done, name="decision-done"),
]
public_urls = [path("<str:town_code>/", public.public_point, name="point")]

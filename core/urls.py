"""Pages of core: signing in, account, messages, files, health, the style page. Names have no namespace."""

from django.contrib.auth.decorators import login_not_required
from django.urls import path

from core.views import accounts, audit, files, health, held, notifications, second_factor, sign_in, style

urlpatterns = [
    path("login/", login_not_required(sign_in.SignIn.as_view()), name="login"),
    path("login/code/", second_factor.sign_in_code, name="sign-in-code"),
    path("login/enrol/", second_factor.sign_in_enrol, name="sign-in-enrol"),
    path("logout/", sign_in.SignOut.as_view(), name="logout"),
    path("account/", sign_in.account, name="account"),
    path("account/password/", sign_in.password_change, name="password-change"),
    path("account/password/again/", sign_in.password_again, name="password-again"),
    path("held/", held.held_form, name="held-form"),
    path("held/token/", held.fresh_token, name="fresh-token"),
    path("held/discard/", held.held_form_discard, name="held-form-discard"),
    path("account/sessions/end/", sign_in.session_end, name="session-end"),
    path("account/factor/", second_factor.factor, name="factor"),
    path("account/factor/codes/", second_factor.factor_codes, name="factor-codes"),
    path("account/factor/end/", second_factor.factor_end, name="factor-end"),
    path("messages/", notifications.notifications, name="notifications"),
    path("messages/read/", notifications.notifications_read, name="notifications-read"),
    path("messages/<int:pk>/open/", notifications.notification_open, name="notification-open"),
    path("audit/", audit.audit_trail, name="audit"),
    path("files/<uuid:file_id>/", files.file_download, name="file-download"),
    path("files/<uuid:file_id>/thumbnail/", files.file_thumbnail, name="file-thumbnail"),
    path("healthz", health.healthz, name="healthz"),
    path("readyz", health.readyz, name="readyz"),
    path("manage/accounts/<int:pk>/code/", accounts.account_code, name="account-code"),
    path("manage/accounts/<int:pk>/factor/", accounts.account_factor, name="account-factor"),
    path("manage/style/", style.style, name="style"),
]

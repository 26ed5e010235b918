"""Addresses of the team's own pages."""

from django.urls import path

import havenlight.core.converters  # noqa: F401 -- registers <id:…>
from havenlight.team import account, joining, views

app_name = "team"

urlpatterns = [
    path("sign-out", views.SignOutView.as_view(), name="sign-out"),
    path("no-second-factor", views.no_second_factor, name="no-second-factor"),
    path("join", joining.join, name="join"),
    path("joining", joining.joining, name="joining"),
    path("onward", account.onward, name="onward"),
    path("account", account.account, name="account"),
    path("account/confirm", account.confirm, name="confirm"),
    path("account/passkey", account.passkey, name="passkey"),
    path("account/passkey/<int:passkey_id>/remove", account.remove_passkey, name="remove-passkey"),
    path("account/password", account.password, name="password"),
    path("account/codes", account.codes, name="codes"),
    path("account/sessions/<slug:session_id>/end", account.end_session, name="end-session"),
]

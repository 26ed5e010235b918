"""Addresses of the team's own pages."""

from django.contrib.auth.views import LoginView
from django.urls import path

from havenlight.team.views import SignOutView

app_name = "team"

urlpatterns = [
    path("sign-in", LoginView.as_view(template_name="team/sign_in.html"), name="sign-in"),
    path("sign-out", SignOutView.as_view(), name="sign-out"),
]

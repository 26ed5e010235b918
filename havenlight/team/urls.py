"""Addresses of the team's own pages."""

from django.urls import path

from havenlight.team.views import SignInView, SignOutView

app_name = "team"

urlpatterns = [
    path("sign-in", SignInView.as_view(), name="sign-in"),
    path("sign-out", SignOutView.as_view(), name="sign-out"),
]

"""Addresses of the team's own pages."""

from django.contrib.auth.views import LoginView, LogoutView
from django.urls import path

app_name = "team"

urlpatterns = [
    path("sign-in", LoginView.as_view(template_name="team/sign_in.html"), name="sign-in"),
    path("sign-out", LogoutView.as_view(template_name="team/signed_out.html"), name="sign-out"),
]

"""Addresses of signing in, under the names by which allauth finds them."""

from django.urls import path

from havenlight.team import views

urlpatterns = [
    path("sign-in", views.SignInView.as_view(), name="account_login"),
    path("second-step", views.SecondStepView.as_view(), name="mfa_authenticate"),
    path("passkey", views.PasskeyView.as_view(), name="mfa_login_webauthn"),
]

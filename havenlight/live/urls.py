"""Addresses of pages that need the live part; those below /live/ never reach Django."""

from django.urls import path

from havenlight.live import views

app_name = "live"

urlpatterns = [
    path("plain/write", views.write, name="plain-write"),
    path("plain/consent", views.consent, name="plain-consent"),
]

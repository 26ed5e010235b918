"""Addresses at which a visitor decides about what is kept of her, by her code or her token."""

from django.urls import path

from havenlight.console import visitors

app_name = "visitors"

urlpatterns = [
    path("consent", visitors.take_back, name="consent"),
    path("codes", visitors.codes, name="codes"),
    path("plain", visitors.without_scripts, name="plain"),
]

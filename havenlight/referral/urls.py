"""Addresses of referral: the visitor's answer, the directory, and pages for other organisations."""

from django.urls import path

import havenlight.core.converters  # noqa: F401 -- registers <id:…>
from havenlight.referral import views

app_name = "referral"

urlpatterns = [
    path("answer", views.answer, name="answer"),
    path("directory", views.directory, name="directory"),
    path("directory/new", views.new_recipient, name="new-recipient"),
    path("directory/<id:recipient_id>", views.recipient, name="recipient"),
    path("directory/<id:recipient_id>/invite", views.invite, name="invite"),
    path("opener", views.opener, name="opener"),
    path("to/<str:token>", views.outcome, name="outcome"),
    path("to/<str:token>/package", views.package, name="package"),
    path("from/<str:token>", views.incoming, name="incoming"),
    path("from/<str:token>/send", views.receive, name="receive"),
]

"""Addresses of cases and registrations."""

from django.urls import path

import havenlight.core.converters  # noqa: F401 -- registers <id:…>
from havenlight.casework import views

app_name = "casework"

urlpatterns = [
    path("", views.cases, name="cases"),
    path("questions", views.questions, name="questions"),
    path("agreement", views.agreement, name="agreement"),
    path("registrations/<id:registration_id>", views.registration, name="registration"),
    path("registrations/<id:registration_id>/again", views.code_again, name="code-again"),
    path("links/<int:link_id>/end", views.unlink, name="unlink"),
    path("<id:case_id>", views.case, name="case"),
    path("<id:case_id>/merge", views.merge, name="merge"),
    path("<id:case_id>/split", views.split, name="split"),
]

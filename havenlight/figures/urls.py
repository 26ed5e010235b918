"""Addresses of the researcher's pages."""

from django.urls import path

from havenlight.figures import views

app_name = "figures"

urlpatterns = [
    path("estimation", views.estimation, name="estimation"),
]

"""Addresses of retention."""

from django.urls import path

from havenlight.retention import views

app_name = "retention"

urlpatterns = [
    path("mine", views.mine, name="mine"),
    path("plain", views.mine_without_scripts, name="plain"),
    path("preview", views.preview, name="preview"),
]

"""Addresses of the desk."""

from django.urls import include, path, register_converter

from havenlight.console import views
from havenlight.core.converters import IdConverter

app_name = "console"

register_converter(IdConverter, "id")

urlpatterns = [
    path("", views.desk, name="desk"),
    path("keys", views.keys, name="keys"),
    path("token", views.token, name="token"),
    path("standing", views.standing, name="standing"),
    path("conversations/<id:conversation_id>/accept", views.accept, name="accept"),
    path("conversations/<id:conversation_id>/finish", views.finish, name="finish"),
    path("conversations/<id:conversation_id>/weight", views.weigh, name="weigh"),
    path("", include("havenlight.console.coordination.urls")),
]

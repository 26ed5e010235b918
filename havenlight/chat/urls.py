"""Addresses of the visitor."""

from django.urls import path, re_path

from havenlight.chat import elsewhere, partners, views
from havenlight.chat.plain import coming
from havenlight.chat.plain import views as plain
from havenlight.team.languages import ALL

app_name = "chat"

_LANGUAGES = "|".join(ALL)

urlpatterns = [
    path("", views.visit, name="visit"),
    re_path(rf"^(?P<lang>{_LANGUAGES})$", views.visit, name="visit-in"),
    re_path(rf"^(?P<lang>{_LANGUAGES})/info$", elsewhere.hide, name="hide"),
    re_path(rf"^(?P<lang>{_LANGUAGES})/help$", elsewhere.page, name="elsewhere"),
    re_path(rf"^(?P<lang>{_LANGUAGES})/status$", partners.status, name="status"),
    path("c/<str:name>", partners.campaign, name="campaign"),
    path("look.css", elsewhere.theme, name="theme"),
    path("plain", plain.page, name="plain"),
    path("plain/in", coming.come, name="plain-in"),
    path("plain/start", plain.start, name="plain-start"),
    path("plain/taps", plain.taps, name="plain-taps"),
    path("plain/leave", plain.leave, name="plain-leave"),
    path("plain/exit", plain.leave_quickly, name="plain-exit"),
    re_path(rf"^chat/more/(?P<lang>{_LANGUAGES})$", views.more, name="more"),
    path("chat/start", views.start, name="start"),
    path("chat/token", views.token, name="token"),
    path("chat/taps", views.taps, name="taps"),
    path("chat/code", views.code, name="code"),
    path("chat/back", views.back, name="back"),
    path("chat/after", views.after, name="after"),
    path("chat/former", views.former, name="former"),
]

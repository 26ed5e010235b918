"""Addresses of the desk."""

from django.urls import include, path

import havenlight.core.converters  # noqa: F401 -- registers <id:…>
from havenlight.console import referring, registration_views, views

app_name = "console"

urlpatterns = [
    path("codebook", registration_views.codebook, name="codebook"),
    path("registrations", registration_views.unfinished, name="unfinished"),
    path("drafts/drop", registration_views.drop_draft, name="drop-draft"),
    path(
        "conversations/<id:conversation_id>/to-register",
        registration_views.to_register,
        name="to-register",
    ),
    path(
        "conversations/<id:conversation_id>/draft",
        registration_views.keep_draft,
        name="keep-draft",
    ),
    path(
        "conversations/<id:conversation_id>/register",
        registration_views.register,
        name="register",
    ),
    path("", views.desk, name="desk"),
    path("keys", views.keys, name="keys"),
    path("token", views.token, name="token"),
    path("standing", views.standing, name="standing"),
    path("conversations/<id:conversation_id>/accept", views.accept, name="accept"),
    path("conversations/<id:conversation_id>/finish", views.finish, name="finish"),
    path("conversations/<id:conversation_id>/weight", views.weigh, name="weigh"),
    path("", include("havenlight.console.coordination.urls")),
    path("recipients", referring.recipients, name="recipients"),
    path("referrals", referring.referrals, name="referrals"),
    path(
        "conversations/<id:conversation_id>/referrals",
        referring.of_conversation,
        name="of-conversation",
    ),
    path("conversations/<id:conversation_id>/offer", referring.offer, name="offer"),
    path("referrals/<id:referral_id>/send", referring.send, name="send"),
    path("referrals/<id:referral_id>/link", referring.renew_link, name="renew-link"),
    path("referrals/<id:referral_id>/withdraw", referring.withdraw, name="withdraw"),
    path("incoming/<id:incoming_id>/take", referring.take, name="take-incoming"),
]

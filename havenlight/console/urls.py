"""Addresses of the desk."""

from django.urls import include, path

import havenlight.core.converters  # noqa: F401 -- registers <id:…>
from havenlight.console import (
    handling,
    reading_views,
    referring,
    registration_views,
    talking,
    views,
)

app_name = "console"

urlpatterns = [
    path("codebook", registration_views.codebook, name="codebook"),
    path("registrations", registration_views.unfinished, name="unfinished"),
    path("reading", reading_views.overview, name="reading"),
    path("reading/<id:conversation_id>", reading_views.page, name="read"),
    path("conversations/<id:conversation_id>/read", reading_views.read, name="open"),
    path("conversations/<id:conversation_id>/read/on", reading_views.go_on, name="read-on"),
    path("conversations/<id:conversation_id>/read/stop", reading_views.stop, name="read-stop"),
    path("conversations/<id:conversation_id>/whispers", reading_views.whispers, name="whispers"),
    path("conversations/<id:conversation_id>/whisper", reading_views.whisper, name="whisper"),
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
    path("conversations/<id:conversation_id>/finish", handling.finish, name="finish"),
    path("conversations/<id:conversation_id>/weight", handling.weigh, name="weigh"),
    path("conversations/<id:conversation_id>/risk", handling.risk, name="risk"),
    path("conversations/<id:conversation_id>/insincere", handling.insincere, name="insincere"),
    path("conversations/<id:conversation_id>/block", handling.block, name="block"),
    path("conversations/<id:conversation_id>/review", handling.review, name="review"),
    path("conversations/<id:conversation_id>/notes", handling.read_notes, name="notes"),
    path("conversations/<id:conversation_id>/notes/keep", handling.keep_note, name="keep-note"),
    path("conversations/<id:conversation_id>/hand-over", handling.hand_over, name="hand-over"),
    path("conversations/<id:conversation_id>/times", handling.times, name="times"),
    path("conversations/<id:conversation_id>/agree", handling.agree, name="agree"),
    path("conversations/<id:conversation_id>/keep", handling.keep, name="keep"),
    path("hand-overs/<int:hand_over_id>/take", handling.take, name="take"),
    path("hand-overs/<int:hand_over_id>/decline", handling.decline, name="decline"),
    path("room", talking.room, name="room"),
    path("room/say", talking.say, name="room-say"),
    path("help", talking.call_for_help, name="help"),
    path("help/<int:call_id>/settle", talking.settle_call, name="settle-call"),
    path("colleagues", handling.colleagues, name="colleagues"),
    path("texts", handling.texts, name="texts"),
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

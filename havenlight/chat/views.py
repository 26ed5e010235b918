"""The visitor's page, and what it asks of the server outside the hot path."""

import time
from functools import partial
from uuid import UUID

from csp.decorators import csp_replace
from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone, translation
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.gzip import gzip_page
from django.views.decorators.http import require_GET

from havenlight.chat import access, actions, availability, look, queries, returning
from havenlight.chat.compressed import compressed_page
from havenlight.chat.errors import EpochPassed, IdReused, NotAllowed, NotOpen, TooManyGuesses
from havenlight.chat.forms import (
    KEY_BYTES,
    read_after,
    read_bytes,
    read_code,
    read_former,
    read_id,
    read_start,
    read_taps,
)
from havenlight.core import tokens
from havenlight.core.endpoints import Fields, conversation_of, json_endpoint
from havenlight.core.refusals import Refused
from havenlight.core.seal import encoding, manifest, phrase
from havenlight.core.seal.keys import VISITOR
from havenlight.team import helpline
from havenlight.team import queries as team

_GUESSES_SECONDS = 60


def visit(request: HttpRequest, lang: str | None = None) -> HttpResponseBase:
    """The visitor's page, in the language of the address or else of her browser."""
    # Inlined, since each request costs a slow phone a second; allowed by its hash alone.
    style, source = look.style()
    page = partial(_visit, lang=lang, style=style)
    return csp_replace({"style-src": [source]})(page)(request)


# The page holds no secret, so that compressing it gives nothing away.
@compressed_page
def _visit(request: HttpRequest, lang: str | None, style: str) -> HttpResponse:
    language = look.language_of(request, lang)
    organisation = team.organisation()
    with translation.override(language):
        context = {
            "organisation": organisation,
            "manifest": team.published_manifest(),
            "organisation_key": encoding.b64(bytes(organisation.signing_key)),
            "fingerprint": manifest.fingerprint(bytes(organisation.signing_key)),
            "demo": settings.DEMO,
            "lang": language,
            "languages": [
                (code, name, reverse("chat:visit-in", args=[code]))
                for code, name in helpline.languages()
            ],
            "texts": helpline.texts(language),
            "heading": look.heading(language),
            "icon": helpline.icon(),
            "style": style,
            **_door(language),
        }
        return render(request, "chat/visit.html", context)


@gzip_page
@require_GET
def more(request: HttpRequest, lang: str) -> HttpResponse:
    """Those parts of the page that she seldom asks for; a first visit does not load them."""
    words = lang if lang in phrase.LANGUAGES else "en"
    with translation.override(lang):
        context = {"lang": lang, "words": f"words/{words}.txt"}
        return render(request, "chat/more.html", context)


def _door(language: str) -> dict[str, object]:
    """How she finds the helpline, and when it opens next."""
    found = availability.now()
    told: dict[str, object] = {"door": found.door, "takes_new": found.takes_new}
    if not found.takes_new:
        texts = helpline.texts(language)
        told |= {"closed_text": texts.closed_text, "full_text": texts.full_text}
    if found.opens_at:
        told["opens"] = availability.when(found.opens_at, timezone.now())
    return told


@csrf_exempt
@json_endpoint
def start(_request: HttpRequest, fields: Fields) -> dict[str, object]:
    """Begin a conversation; protocol, section 4."""
    begin = read_start(fields)
    try:
        actions.start(begin)
    except EpochPassed:
        raise Refused("epoch") from None
    except IdReused:
        raise Refused("id_reused") from None
    except NotAllowed:
        raise Refused("unknown") from None
    except NotOpen as refused:
        raise Refused(refused.door) from None
    except TooManyGuesses:
        raise Refused("too_fast", _GUESSES_SECONDS) from None
    return _token(begin.conversation_id)


@csrf_exempt
@json_endpoint
def token(_request: HttpRequest, fields: Fields) -> dict[str, object]:
    """A new token for a tab that proves itself, and its half of the key."""
    try:
        conversation = access.conversation_for_tab(
            read_id(fields, "conv"), read_bytes(fields, "tab_key", KEY_BYTES)
        )
    except NotAllowed:
        raise Refused("unknown") from None
    half = encoding.b64(queries.tab_half(conversation))
    return {**_token(conversation.pk), "half": half, "state": conversation.state}


@csrf_exempt
@json_endpoint
def taps(request: HttpRequest, fields: Fields) -> None:
    """Keep what a waiting visitor tapped."""
    conversation_id = conversation_of(request)
    answers, tapped = read_taps(fields)
    try:
        actions.tap(conversation_id, answers, tapped)
    except NotAllowed:
        raise Refused("ended") from None


@csrf_exempt
@json_endpoint
def code(request: HttpRequest, fields: Fields) -> None:
    """Take a return code for the visitor's thread; without fields, give it up."""
    conversation_id = conversation_of(request)
    if not fields:
        returning.give_up_code(conversation_id)
        return
    try:
        returning.take_code(conversation_id, *read_code(fields))
    except IdReused:
        raise Refused("id_reused") from None


@csrf_exempt
@json_endpoint
def back(_request: HttpRequest, fields: Fields) -> dict[str, object]:
    """Whether there is something to come back to by this code, and who answered last."""
    try:
        thread = returning.thread_of(read_bytes(fields, "lookup", KEY_BYTES))
    except NotAllowed:
        raise Refused("unknown") from None
    except TooManyGuesses:
        raise Refused("too_fast", _GUESSES_SECONDS) from None
    counsellor = returning.last_counsellor(thread)
    return {"alias": counsellor and counsellor.alias}


@csrf_exempt
@json_endpoint
def former(request: HttpRequest, fields: Fields) -> dict[str, object]:
    """The earlier conversations of the visitor's thread, or a page of one's messages."""
    conversation_id = conversation_of(request)
    asked = read_former(fields)
    if asked is None:
        rows = returning.former_conversations(conversation_id, "code")
        return {
            "conversations": [row.as_json() for row in rows],
            "agreed_at": returning.agreed_at(conversation_id),
            "zone": team.organisation().time_zone,
        }
    try:
        messages = returning.former_messages(conversation_id, *asked)
    except NotAllowed:
        raise Refused("unknown") from None
    return {"messages": [message.as_json() for message in messages]}


@csrf_exempt
@json_endpoint
def after(request: HttpRequest, fields: Fields) -> None:
    """Keep what a visitor tapped when the chat had ended."""
    try:
        actions.tell_after(conversation_of(request), read_after(fields))
    except NotAllowed:
        raise Refused("unknown") from None


def _token(conversation_id: UUID) -> dict[str, object]:
    conv = conversation_id.hex
    return tokens.grant(conv, VISITOR, [conv], settings.TOKEN_SECRET, time.time())

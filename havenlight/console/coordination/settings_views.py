"""The settings page: every section is looked at as it would be, and then saved."""

from dataclasses import asdict
from datetime import timedelta
from hashlib import sha256
from typing import Any

from django.core import signing
from django.http import Http404, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.template.loader import render_to_string
from django.utils import timezone
from django.utils.translation import get_language, get_language_info
from django.views.decorators.http import require_GET, require_http_methods

from havenlight.console.coordination import actions, proofs
from havenlight.console.coordination.sections import SECTIONS, Part, Scope, Section, changes_of
from havenlight.team import helpline, languages
from havenlight.team import queries as team
from havenlight.team.codes import Topic
from havenlight.team.colours import DARK, LIGHT
from havenlight.team.gate import MemberRequest, page_for
from havenlight.team.permissions import Right

_PREVIEW_DAYS = 14
_SALT = "havenlight.settings.seen"
_NOT_CONTENT = frozenset({"csrfmiddlewaretoken", "step", "seen"})


@require_GET
@page_for(Right.SETTINGS)
def index(request: MemberRequest) -> HttpResponse:
    """All sections."""
    context = {
        "member": request.user,
        "organisation": team.organisation(),
        "sections": SECTIONS.values(),
        "languages": languages.ALL.items(),
        "offered": dict(helpline.languages()),
        "topics": Topic.choices,
    }
    return render(request, "coordination/settings.html", context)


@require_http_methods(["GET", "POST"])
@page_for(Right.SETTINGS)
def section(request: MemberRequest, slug: str, language: str = "", topic: str = "") -> HttpResponse:
    """One section: its forms, then what they would change, then saved."""
    found, scope = _found(slug, language, topic), Scope(language, topic)
    data = request.POST if request.method == "POST" else None
    parts = found.build(data, scope)
    context: dict[str, Any] = {}
    # Every part is asked, so that all that is wrong is told at once.
    valid = [part.form.is_valid() for part in parts]
    if data is not None and all(valid):
        if data.get("step") == "save" and _was_seen(data):
            actions.settle(request.user, found, scope, parts)
            return redirect(f"{request.path}?saved=yes")
        context = _preview(found, scope, parts, data)
    context |= {
        "member": request.user,
        "organisation": team.organisation(),
        "section": found,
        "parts": parts,
        "scope": scope,
        "where": [*_names(scope)],
        "refused": data is not None and not context,
        "saved": data is None and "saved" in request.GET,
    }
    return render(request, "coordination/section.html", context)


@require_GET
@page_for(Right.SETTINGS)
def proof(request: MemberRequest, language: str) -> HttpResponse:
    """All that visitors would read in a language, also while it is off: for its reviewer."""
    if language not in languages.ALL:
        raise Http404
    beside = get_language() or "en"
    context = {
        "member": request.user,
        "organisation": team.organisation(),
        "language": language,
        "name": languages.ALL[language],
        "beside": beside,
        "is_rtl": get_language_info(language)["bidi"],
        "sentences": proofs.sentences(language, beside),
        "own_texts": proofs.own_texts(language),
    }
    return render(request, "coordination/proof.html", context)


def _found(slug: str, language: str, topic: str) -> Section:
    found = SECTIONS.get(slug)
    given = tuple(name for name, value in (("language", language), ("topic", topic)) if value)
    if found is None or given != found.by:
        raise Http404
    if language not in ("", *languages.ALL) or topic not in ("", *Topic.values):
        raise Http404
    return found


def _names(scope: Scope) -> list[str]:
    language = languages.ALL.get(scope.language, "")
    topic = str(Topic(scope.topic).label) if scope.topic else ""
    return [name for name in (language, topic) if name]


def _preview(found: Section, scope: Scope, parts: list[Part], data: QueryDict) -> dict[str, Any]:
    shown = ""
    changes = changes_of(parts)
    if found.shows and changes:
        template = found.shows
        shown = actions.as_if_settled(
            parts, lambda: render_to_string(template, _as_it_would_be(scope))
        )
    return {
        "changes": changes,
        "shown": shown,
        "previewed": True,
        "seen": signing.dumps(_digest(data), salt=_SALT),
        "changed_since": data.get("step") == "save",
    }


def _as_it_would_be(scope: Scope) -> dict[str, Any]:
    opening, now = helpline.opening(), timezone.now()
    day = now.astimezone(opening.zone).date()
    rules = helpline.rules()
    return {
        "zone": opening.zone.key,
        "takes_new": opening.takes_new(now),
        "periods": [
            (begin.astimezone(opening.zone), end.astimezone(opening.zone))
            for begin, end in opening.periods(day, day + timedelta(days=_PREVIEW_DAYS))
            if end > now
        ],
        "texts": asdict(helpline.texts(scope.language or team.organisation().default_language)),
        "icon": helpline.icon(),
        "pages": [
            (LIGHT, rules.accent_light or "#165e5a", "#21302f"),
            (DARK, rules.accent_dark or "#86cdc6", "#e9efed"),
        ],
    }


def _digest(data: QueryDict) -> str:
    content = sorted((name, data.getlist(name)) for name in data if name not in _NOT_CONTENT)
    return sha256(repr(content).encode()).hexdigest()


def _was_seen(data: QueryDict) -> bool:
    """Whether exactly this was shown as a preview: nothing is saved that nobody looked at."""
    try:
        return bool(signing.loads(data.get("seen", ""), salt=_SALT) == _digest(data))
    except signing.BadSignature:
        return False

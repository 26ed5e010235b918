"""The page from which a member lets a made-up visitor come."""

from django.conf import settings
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils import translation
from django.views.decorators.http import require_GET, require_POST

from havenlight.chat import practice
from havenlight.chat.errors import TooMuchPractice
from havenlight.console.practice import stage
from havenlight.console.practice.scripts import LANGUAGES, all_stories
from havenlight.team import queries as team
from havenlight.team.gate import MemberRequest, page_for
from havenlight.team.permissions import Right


@require_GET
@page_for(Right.VISITORS)
def choose(request: MemberRequest) -> HttpResponse:
    """The stories, told in the reader's language."""
    return _page(request)


@require_POST
@page_for(Right.VISITORS)
def begin(request: MemberRequest, story: str, language: str) -> HttpResponse:
    """Let a made-up visitor come, and go to the desk, where she waits."""
    told = all_stories().get(story)
    if told is None or language not in LANGUAGES:
        raise Http404
    try:
        conversation_id = practice.plan(request.user, story)
    except TooMuchPractice:
        return _page(request, too_much=True, status=409)
    stage.begin(conversation_id, told, language)
    return redirect("console:desk")


def _page(request: MemberRequest, *, too_much: bool = False, status: int = 200) -> HttpResponse:
    code = translation.get_language() or ""
    reader = code if code in LANGUAGES else "en"
    names = dict(settings.LANGUAGES)
    context = {
        "member": request.user,
        "organisation": team.organisation(),
        "stories": [
            (story.name, story.title[reader], story.about[reader])
            for story in all_stories().values()
        ],
        "languages": [(one, names[one]) for one in LANGUAGES],
        "too_much": too_much,
        "at_once": practice.AT_ONCE,
    }
    return render(request, "coordination/practice.html", context, status=status)

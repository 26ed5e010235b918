"""The audit, to be read by those who see to the helpline."""

from dataclasses import replace

from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from havenlight.audit import queries
from havenlight.console.coordination import audit_words
from havenlight.team import queries as team
from havenlight.team.gate import MemberRequest, page_for
from havenlight.team.permissions import Right

PAGE_LINES = 100


@require_GET
@page_for(Right.AUDIT)
def audit(request: MemberRequest) -> HttpResponse:
    """Who did what and when: the newest first, a hundred to a page, or of one verb."""
    before, verb = request.GET.get("before", ""), request.GET.get("verb", "")
    if before and not (before.isascii() and before.isdecimal() and len(before) < 18):
        raise Http404
    rows = queries.rows(before=int(before) if before else None, verb=verb, limit=PAGE_LINES + 1)
    context = {
        "member": request.user,
        "organisation": team.organisation(),
        "rows": _in_words(rows[:PAGE_LINES]),
        "older": rows[PAGE_LINES - 1].number if len(rows) > PAGE_LINES else None,
        "verb": verb,
        "verbs": sorted(
            ((said, audit_words.verb(said)) for said in queries.verbs()), key=lambda one: one[1]
        ),
        "head": queries.head(),
    }
    return render(request, "coordination/audit.html", context)


def _in_words(rows: list[queries.Row]) -> list[queries.Row]:
    aliases = team.aliases()
    return [
        replace(
            row,
            verb=audit_words.verb(row.verb),
            kind=audit_words.kind(row.kind),
            subject=aliases.get(row.subject, row.subject),
            reason=audit_words.reason(row.verb, row.reason),
        )
        for row in rows
    ]

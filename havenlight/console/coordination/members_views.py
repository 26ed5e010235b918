"""The page of members: who there is; inviting, giving a new link, changing a role, removing."""

from typing import Any
from uuid import UUID

from django.conf import settings
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods, require_POST

from havenlight.console.coordination import leaving
from havenlight.console.coordination.forms import InviteForm, RoleForm
from havenlight.team import members
from havenlight.team import queries as team
from havenlight.team.codes import Role
from havenlight.team.errors import MemberRefused, NotAllowed
from havenlight.team.gate import MemberRequest, fresh_page_for
from havenlight.team.invitations import LINK_HOURS, Link
from havenlight.team.models import Member
from havenlight.team.permissions import Right

_REFUSALS = {
    "taken": _("Somebody has this address already."),
    "last": _("This is the last coordinator. Make someone else coordinator first."),
}


@require_http_methods(["GET", "POST"])
@fresh_page_for(Right.MEMBERS, back="console:members")
def list_members(request: MemberRequest) -> HttpResponse:
    """All members; posting invites one more."""
    form = InviteForm(request.user, request.POST or None)
    if not form.is_valid():
        return _page(request, form)
    try:
        link = members.invite(**form.cleaned_data, by=request.user)
    except MemberRefused as refused:
        form.add_error("email", _REFUSALS[refused.why])
        return _page(request, form)
    return _page(request, InviteForm(request.user), link=link, for_whom=form.cleaned_data["alias"])


@require_POST
@fresh_page_for(Right.MEMBERS, back="console:members")
def invite_again(request: MemberRequest, member_id: UUID) -> HttpResponse:
    """Show a new link, once."""
    member = _member(member_id)
    try:
        link = members.invite_again(member, request.user)
    except NotAllowed:
        raise Http404 from None
    return _page(request, InviteForm(request.user), link=link, for_whom=member.alias)


@require_POST
@fresh_page_for(Right.MEMBERS, back="console:members")
def change_role(request: MemberRequest, member_id: UUID) -> HttpResponse:
    """Give a member another role."""
    form = RoleForm(request.user, request.POST)
    if not form.is_valid():
        raise Http404
    try:
        members.change_role(_member(member_id), Role(form.cleaned_data["role"]), request.user)
    except NotAllowed:
        raise Http404 from None
    except MemberRefused as refused:
        return _page(request, InviteForm(request.user), refused=_REFUSALS[refused.why])
    return redirect("console:members")


@require_POST
@fresh_page_for(Right.MEMBERS, back="console:members")
def remove(request: MemberRequest, member_id: UUID) -> HttpResponse:
    """End a membership, at once."""
    try:
        leaving.remove(_member(member_id), request.user)
    except NotAllowed:
        raise Http404 from None
    except MemberRefused as refused:
        return _page(request, InviteForm(request.user), refused=_REFUSALS[refused.why])
    return redirect("console:members")


def _member(member_id: UUID) -> Member:
    found = Member.objects.filter(pk=member_id).first()
    if found is None:
        raise Http404
    return found


def _page(
    request: MemberRequest, form: InviteForm, *, link: Link | None = None, **more: Any
) -> HttpResponse:
    context: dict[str, Any] = {
        "member": request.user,
        "organisation": team.organisation(),
        "form": form,
        "rows": [
            (row, RoleForm(request.user, initial={"role": row.member.role}))
            for row in members.listed(request.user)
        ],
        "hours": LINK_HOURS,
        **more,
    }
    if link is not None:
        # In the fragment: neither we nor what is between sees it when it is followed.
        context["address"] = f"{settings.ORIGINS[0]}{reverse('team:join')}#{link.token}"
    refused = bool(form.errors or more.get("refused"))
    return render(request, "coordination/members.html", context, status=409 if refused else 200)

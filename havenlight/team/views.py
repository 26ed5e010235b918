"""Sign-in and sign-out of members."""

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest

from havenlight.team.models import Member


class MemberRequest(HttpRequest):
    """A request of a signed-in member."""

    user: Member


member_required = login_required
"""Gate of every page of the team: who is not signed in is sent to the sign-in page."""

"""Sessions that know whose they are, so that she can see them, and end them."""

from datetime import timedelta
from typing import Any
from uuid import UUID

from django.contrib.auth import SESSION_KEY
from django.contrib.sessions.backends.db import SessionStore as DatabaseStore

from havenlight.team.entrance_models import MemberSession, hour_of


class SessionStore(DatabaseStore):
    """Django's sessions in the database, each with its member."""

    @classmethod
    def get_model_class(cls) -> type[MemberSession]:
        """The table of sessions."""
        return MemberSession

    def create_model_instance(self, data: dict[str, Any]) -> MemberSession:
        """The row that will be stored; the hour it began stays that of its first row."""
        row = super().create_model_instance(data)
        assert isinstance(row, MemberSession)  # noqa: S101 -- get_model_class above
        member = data.get(SESSION_KEY)
        row.member_id = UUID(member) if member else None
        # Nor does it tell the minute by when it ends.
        row.expire_date = hour_of(row.expire_date) + timedelta(hours=1)
        began = MemberSession.objects.filter(pk=row.session_key).values_list("began_at", flat=True)
        row.began_at = began.first() or row.began_at
        return row

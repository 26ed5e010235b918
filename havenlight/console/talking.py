"""What a desk asks about its colleagues."""

from havenlight.console import colleagues, forms
from havenlight.console.granting import Answer, at_desk
from havenlight.core.endpoints import Fields
from havenlight.core.refusals import Refused
from havenlight.team import queries as team
from havenlight.team.models import Member
from havenlight.team.permissions import Right


@at_desk(Right.VISITORS)
def room(_member: Member, _fields: Fields) -> Answer:
    """What was said in the team room in this shift, and who calls for help."""
    return {"messages": colleagues.room(), "calls": colleagues.calls()}


@at_desk(Right.VISITORS)
def say(member: Member, fields: Fields) -> None:
    """Say something in the team room, sealed to the team key."""
    written = forms.aside(fields)
    if written.epoch > team.current_epoch().number:
        raise Refused("epoch")
    colleagues.say(member, *written)


@at_desk(Right.VISITORS)
def call_for_help(member: Member, fields: Fields) -> None:
    """Call all colleagues, for a conversation or for none in particular."""
    about = forms.identifier(fields, "conv") if fields.get("conv") is not None else None
    colleagues.call_for_help(member, about)


@at_desk(Right.VISITORS)
def settle_call(member: Member, _fields: Fields, call_id: int) -> None:
    """Come to who called, or take one's own call back."""
    colleagues.settle_call(call_id, member)

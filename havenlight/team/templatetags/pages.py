"""Links to pages of members."""

from typing import Any

from django import template
from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString

register = template.Library()


@register.simple_tag(takes_context=True)
def leads(context: dict[str, Any], page: str) -> SafeString:
    """The attributes of a link to `page`, which says so when it is the page that she is on."""
    request = context.get("request")
    here = request is not None and request.resolver_match.view_name == page
    current = format_html(' aria-current="{}"', "page") if here else ""
    return format_html('href="{}"{}', reverse(page), current)

"""Addresses of coordination, below the desk's."""

from django.urls import path

import havenlight.core.converters  # noqa: F401 -- registers <id:…>
from havenlight.console.coordination import (
    audit_views,
    campaign_views,
    members_views,
    settings_views,
)
from havenlight.console.practice import views as practice
from havenlight.console.service import views as service

urlpatterns = [
    path("settings/", settings_views.index, name="settings"),
    path("settings/languages/<slug:language>/proof", settings_views.proof, name="proof"),
    path("settings/<slug:slug>", settings_views.section, name="section"),
    path("settings/<slug:slug>/<slug:language>", settings_views.section, name="section-in"),
    path(
        "settings/<slug:slug>/<slug:language>/<slug:topic>",
        settings_views.section,
        name="section-about",
    ),
    path("members", members_views.list_members, name="members"),
    path("members/<id:member_id>/link", members_views.invite_again, name="invite-again"),
    path("members/<id:member_id>/role", members_views.change_role, name="change-role"),
    path("members/<id:member_id>/remove", members_views.remove, name="remove-member"),
    path("links", campaign_views.links, name="links"),
    path("links/<slug:name>/close", campaign_views.close, name="close-link"),
    path("links/<slug:name>/card", campaign_views.card, name="card"),
    path("audit", audit_views.audit, name="audit"),
    path("service", service.figures, name="service"),
    path("service/now", service.now, name="service-now"),
    path("practice", practice.choose, name="practice"),
    path("practice/<slug:story>/<slug:language>", practice.begin, name="practise"),
]

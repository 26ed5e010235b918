"""Addresses of coordination, below the desk's."""

from django.urls import path

from havenlight.console.coordination import audit_views, settings_views
from havenlight.console.practice import views as practice
from havenlight.console.service import views as service

urlpatterns = [
    path("settings/", settings_views.index, name="settings"),
    path("settings/<slug:slug>", settings_views.section, name="section"),
    path("settings/<slug:slug>/<slug:language>", settings_views.section, name="section-in"),
    path(
        "settings/<slug:slug>/<slug:language>/<slug:topic>",
        settings_views.section,
        name="section-about",
    ),
    path("audit", audit_views.audit, name="audit"),
    path("service", service.figures, name="service"),
    path("service/now", service.now, name="service-now"),
    path("practice", practice.choose, name="practice"),
    path("practice/<slug:story>/<slug:language>", practice.begin, name="practise"),
]

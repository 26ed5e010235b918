"""The addresses of all domains."""

from django.urls import include, path

handler400 = "havenlight.site.error_pages.not_understood"
handler403 = "havenlight.site.error_pages.not_allowed"
handler404 = "havenlight.site.error_pages.not_here"
handler500 = "havenlight.site.error_pages.failed"

urlpatterns = [
    path("team/", include("havenlight.team.urls")),
    path("team/", include("havenlight.team.entrance_urls")),
    path("cases/", include("havenlight.casework.urls")),
    path("desk/", include("havenlight.console.urls")),
    path("keys/", include("havenlight.console.keyring.urls")),
    path("mine/", include("havenlight.console.visitor_urls")),
    path("erase/", include("havenlight.retention.urls")),
    path("referral/", include("havenlight.referral.urls")),
    path("figures/", include("havenlight.figures.urls")),
    path("", include("havenlight.report.urls")),
    path("", include("havenlight.live.urls")),
    path("", include("havenlight.chat.urls")),
]

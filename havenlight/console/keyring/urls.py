"""Addresses of keys."""

from django.urls import path

from havenlight.console.keyring import pages, views

app_name = "keys"

urlpatterns = [
    path("", pages.mine, name="mine"),
    path("set-up", pages.set_up, name="set-up"),
    path("team", pages.of_team, name="team"),
    path("recovery", pages.recovery, name="recovery"),
    path("state", pages.state, name="state"),
    path("make", views.make, name="make"),
    path("phrase", views.lock_again, name="lock-again"),
    path("passkeys/add", views.add_passkey, name="add-passkey"),
    path("passkeys/drop", views.drop_passkey, name="drop-passkey"),
    path("begin", views.begin, name="begin"),
    path("sign", views.sign, name="sign"),
    path("seal", views.seal, name="seal"),
    path("behind", views.behind, name="behind"),
    path("renew", views.renew, name="renew"),
]

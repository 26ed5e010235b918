"""The tutorial's ASGI application."""

import os

from channels.auth import AuthMiddlewareStack
from channels.routing import ProtocolTypeRouter, URLRouter
from channels.security.websocket import AllowedHostsOriginValidator
from django.core.asgi import get_asgi_application
from django.urls import path

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "bench.channels_peer.settings")
_pages = get_asgi_application()

from bench.channels_peer.consumers import ChatConsumer  # noqa: E402 -- needs Django to be set up

application = ProtocolTypeRouter(
    {
        "http": _pages,
        "websocket": AllowedHostsOriginValidator(
            AuthMiddlewareStack(URLRouter([path("ws/<str:room>/", ChatConsumer.as_asgi())]))
        ),
    }
)

"""Settings of the peer: its tutorial's, with the databases and durability of Havenlight."""

import os

import dj_database_url

SECRET_KEY = os.environ["SECRET_KEY"]
ALLOWED_HOSTS = ["127.0.0.1"]
INSTALLED_APPS = [
    "bench.channels_peer",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
]
ASGI_APPLICATION = "bench.channels_peer.asgi.application"
# Connections are kept: made anew for each message, as is the default, they cost more.
DATABASES = {"default": dj_database_url.parse(os.environ["DATABASE_URL"], conn_max_age=None)}
if DATABASES["default"]["ENGINE"] == "django.db.backends.sqlite3":
    DATABASES["default"]["OPTIONS"] = {
        "timeout": 20,
        "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL;",
    }
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
USE_TZ = True

_MEMORY = {"BACKEND": "channels.layers.InMemoryChannelLayer"}
_REDIS = {
    "BACKEND": "channels_redis.core.RedisChannelLayer",
    "CONFIG": {"hosts": [os.environ["REDIS_URL"]]},
}
CHANNEL_LAYERS = {"default": _REDIS if os.environ["REDIS_URL"] else _MEMORY}

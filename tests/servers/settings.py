"""The product's own settings, but for passwords, which are slow on purpose: so would tests be."""

from havenlight.site.settings import *  # noqa: F403 -- all of them
from tests.servers import standing

PASSWORD_HASHERS = ["tests.servers.hasher.QuickHasher"]

standing.check_unchanged(globals())

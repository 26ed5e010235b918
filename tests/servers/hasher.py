"""Django's own way to keep a password, in no time: for tests alone."""

from django.contrib.auth.hashers import PBKDF2PasswordHasher


class QuickHasher(PBKDF2PasswordHasher):
    """As in service, but with a thousandth of the rounds."""

    iterations = 1_000

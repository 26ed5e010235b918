"""The organisation, its members, their roles, sign-in and keys."""

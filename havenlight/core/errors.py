"""The root of every refusal this project raises by name."""


class HavenlightError(Exception):
    """Something was refused; the message says which value and limit, and never holds content."""

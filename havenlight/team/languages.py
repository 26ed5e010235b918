"""The languages that Havenlight speaks, each by its code and its own name."""

OURS = {"nl": "Nederlands", "en": "English"}
"""Members work in them, and visitors read them from the start: their texts are reviewed here."""

ALL = OURS | {
    "ar": "العربية",
    "bg": "Български",
    "de": "Deutsch",
    "es": "Español",
    "fr": "Français",
    "hu": "Magyar",
    "pl": "Polski",
    "ro": "Română",
    "ti": "ትግርኛ",
    "uk": "Українська",
}
"""What visitors may choose; any that is not ours once a review by a speaker of it is recorded."""

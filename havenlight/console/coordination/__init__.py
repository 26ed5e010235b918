"""Pages for those who see to the helpline: settings, audit, service figures and practice."""

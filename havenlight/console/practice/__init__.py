"""Practice: a made-up visitor who tells a story by its script, so that a member can train."""

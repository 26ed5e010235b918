"""Service figures for coordinators: how the helpline ran, and how many counsellors it needs."""

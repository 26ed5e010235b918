"""What is erased, and when, across all domains; backups, and what a restored one must forget."""

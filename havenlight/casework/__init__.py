"""Codebook, cases and registrations: what a counsellor learned becomes facts."""

"""Organisations that a visitor may be referred to, referrals out and in, and their outcome."""

"""The yearly report, fact sheet and notes: editions that are frozen, signed and published."""

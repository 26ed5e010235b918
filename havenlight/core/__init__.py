"""What every domain may use: settings from the environment, errors, clock, ids. No table, no domain word."""

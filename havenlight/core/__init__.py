"""What every domain may use: settings, errors, ids, tokens, seal. No table, no domain word."""

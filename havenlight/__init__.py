"""Havenlight: anonymous help for victims of human trafficking, and figures that can be trusted."""

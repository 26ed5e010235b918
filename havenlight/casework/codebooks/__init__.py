"""The published codebooks, their hashes, and the maps from one to the next."""

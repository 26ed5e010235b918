"""Multiple systems estimation: how large a population is of which lists each saw a part."""

"""The definitions of all figures, one file for each codebook, and the numbers of others."""

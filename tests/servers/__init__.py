"""Servers that tests and the benchmark start for themselves: free ports, data of their own."""

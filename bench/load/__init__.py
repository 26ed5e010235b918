"""The load: many visitors and members in one light process of their own.

It shares the machine with the servers, so it does no more than it must: bytes are sealed before
the clock runs, and answers are searched, not parsed.
"""

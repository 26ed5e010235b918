"""The peer: a chat on Django Channels, written as its tutorial would, with an ORM save a message.

It does less than Havenlight: a message has no number in its conversation, a repeated one is stored
twice, and who reconnects is not told what came meanwhile. Both sync each message to disk.
"""

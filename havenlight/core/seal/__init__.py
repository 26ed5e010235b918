"""Seal: which bytes make a conversation readable to its two sides and to nobody else.

Section 2 of docs/protocol.md is the specification, tests/vectors/seal.json its numbers. Every
primitive comes from the `cryptography` package; nothing here is an algorithm of our own. The
browser's half is havenlight/chat/static/chat/seal.mjs.
"""

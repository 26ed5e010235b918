"""The way without scripts: plain forms, sealed by the server at once, on the visitor's behalf.

It is a tab like any other to the rest of Havenlight; what her tab would hold is in her cookie.
"""

"""Disclosure control: tables that let no reader find a small count, and the attacker who tries."""

from havenlight.disclosure.audit import Finding, Findings, Risk, audit
from havenlight.disclosure.ledger import Ledger
from havenlight.disclosure.protect import Protected, protect
from havenlight.disclosure.rules import Rules, TwoWay
from havenlight.disclosure.tables import Cell, ProtectedTable, Reason, Shown, Table, Variable

__all__ = [
    "Cell",
    "Finding",
    "Findings",
    "Ledger",
    "Protected",
    "ProtectedTable",
    "Reason",
    "Risk",
    "Rules",
    "Shown",
    "Table",
    "TwoWay",
    "Variable",
    "audit",
    "protect",
]

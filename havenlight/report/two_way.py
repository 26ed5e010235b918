"""How an edition's tables of two variables are protected: `disclosure.TwoWay` by its names.

Pages and commands that only choose one need not load what protects.
"""

WAYS = ROUNDED, SUPPRESSED, PERTURBED = ("rounded", "suppressed", "perturbed")

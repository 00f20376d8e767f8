"""The floor: the least that a signed-in Django page costs, on the same database server. Measured beside our pages."""

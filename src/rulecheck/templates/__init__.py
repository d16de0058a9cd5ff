"""Blank forms for units to fill in, and facts written into them, in every format that `facts` reads."""

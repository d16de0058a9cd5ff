"""Blank forms: what chosen rules ask of units, as a workbook, CSV tables, YAML or JSON; and the same filled in.

`build` finds out what is asked (a `Form`), `fill` puts subjects into it, and a writer for each format turns it into text or
bytes. Whatever a writer writes, `facts` reads back.
"""

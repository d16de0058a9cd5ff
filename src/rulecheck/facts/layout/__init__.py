"""Grids into tables: which rows of a sheet are headings, subjects, totals, notes and signatures, what each heading means, and
which sheet is a form. Everything is found by declared names; nothing is guessed."""

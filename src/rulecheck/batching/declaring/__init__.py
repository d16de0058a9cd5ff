"""What the columns of a table mean: declared once, before a row is read."""

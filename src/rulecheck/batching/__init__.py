"""Tables of millions of rows: what they are, how they are read into frames, and what becomes of the verdicts."""

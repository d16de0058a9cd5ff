"""From Arrow columns to frames: every value read as `check` reads it, exactly, or told as a fault of its cell."""

"""From verdict columns to a folder of results."""

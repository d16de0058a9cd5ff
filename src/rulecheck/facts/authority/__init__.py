"""What the authority itself hands over: the roster of expected units, the manifest of what was sent, its records; and, by them,
whose each file is."""

"""What shows that rules are right and complete: their examples, the boundaries these must hold, coverage of the documents."""

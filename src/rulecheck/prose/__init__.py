"""Rules told as plain sentences, for a lawyer to read beside the document."""

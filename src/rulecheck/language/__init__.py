"""Text and tree of rule files: words, parsing, formatting, translation, messages about faults. Knows no meaning."""

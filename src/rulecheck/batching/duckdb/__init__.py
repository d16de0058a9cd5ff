"""The embedded engine: it reads, links, sorts, spills and streams; it judges nothing."""

"""Where tables come from: files of several formats, and tables in memory."""

"""Bytes of a spreadsheet (XLSX, XLS, ODS) into grids: looked through first (`scan`), then read by a library in a process of its
own (`child`), one for the whole run (`session`), so that no file can end the run."""

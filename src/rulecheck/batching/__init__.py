"""Bulk: tables of many subjects, read and brought together by an engine, judged as columns, and the results written."""

"""Tables of millions of rows: declared, converted, fed to the judgement in partitions, and the results written."""

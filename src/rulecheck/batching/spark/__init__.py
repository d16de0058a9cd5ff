"""The engine past one machine: it partitions, shuffles and repeats; what is judged is judged by the same code."""

"""The report: a static page of one run, or of the difference between two."""

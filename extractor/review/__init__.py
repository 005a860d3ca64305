"""The review page: every article of an output with its records, to be accepted or corrected."""

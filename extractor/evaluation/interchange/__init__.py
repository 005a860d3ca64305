"""Gold to and from the labelling tools that people have."""

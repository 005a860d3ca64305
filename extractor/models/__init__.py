"""Models: what reads an article and writes draft records."""

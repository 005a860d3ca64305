"""The eval harness: gold, pairing, scores, statistics, and the verdict on a change."""

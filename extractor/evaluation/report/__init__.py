"""The page to look at: one run, or two compared, article by article."""

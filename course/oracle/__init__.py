"""Right and wrong answers, valid inputs, and whether two results are alike."""

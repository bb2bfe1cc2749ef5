"""The rules of graded work: policy, time, questions drawn, scoring and regrading."""

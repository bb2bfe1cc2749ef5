"""When to come back to a question, and how well a learner knows and judges what they know.

Pure: cards, answers and the time are arguments, results are values. The policy, its constants
and the figures measured are in docs/maintainers/studying.md.
"""

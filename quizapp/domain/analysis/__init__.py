"""Analysis of items and quizzes: tallies kept at submission, figures made from them, and flags."""

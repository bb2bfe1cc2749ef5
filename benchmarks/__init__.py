"""The figures that the design holds the app to, as ratios against bare baselines.

Time differs from one machine to the next and from one minute to the next; the ratio of two
things done in turn by one process hardly does. Nothing is subtracted from either side.
"""

"""The outside world becomes tagged articles."""

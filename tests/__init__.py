"""Tests prove behaviour: a real database, real sample documents, the real local chat; the clock is an argument."""

"""``make bench``: every benchmark."""

from tests.benchmarks import matching, running

running.main()
matching.main()

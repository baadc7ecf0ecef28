"""``make bench``: every benchmark."""

from tests.benchmarks import matching, polling, running

running.main()
matching.main()
polling.main()

"""``make bench``: every benchmark."""

from tests.benchmarks import admission, delivery, flood, matching, polling, running, sameness

running.main()
running.report_busy()
matching.main()
polling.main()
sameness.main()
admission.main()
delivery.main()
flood.main()

"""``make bench``: every benchmark."""

from tests.benchmarks import admission, chat, delivery, flood, importing, matching, polling, running, sameness, search

running.main()
running.report_busy()
matching.main()
polling.main()
sameness.main()
admission.main()
importing.main()
search.main()
chat.main()
delivery.main()
flood.main()

"""``make bench``: every benchmark."""

from tests.benchmarks import (
    admission,
    chat,
    databases,
    delivery,
    flood,
    importing,
    matching,
    polling,
    reader_search,
    running,
    sameness,
    search,
    workers,
)

running.main()
running.report_busy()
matching.main()
polling.main()
sameness.main()
admission.main()
importing.main()
search.main()
reader_search.report()
chat.main()
databases.main()
delivery.main()
flood.main()
workers.main()

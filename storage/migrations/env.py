"""How Alembic meets the database: ``storage/upgrade.py`` hands over the connection.

A server may be in use meanwhile, so a migration locks nobody out for long: it gives up where a table isn't free within some seconds,
since whoever comes later waits behind it; new columns are empty or have one constant, by which no row is written anew; and it makes no
index on what may be large. Such a one is built beside the work (``upgrade.py``).
"""

from alembic import context

from storage.tables import Row


def include_object(_item, name, kind, _reflected, _compare_to):
    """Leave the full-text index, which is made by hand, out of comparisons."""
    return not (kind == "table" and name.startswith("search_index"))


if context.config.attributes["connection"].dialect.name == "postgresql":
    context.config.attributes["connection"].exec_driver_sql("SET LOCAL lock_timeout = '4s'")

context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=Row.metadata,
    render_as_batch=True,
    include_object=include_object,
    compare_type=True,
)
with context.begin_transaction():
    context.run_migrations()

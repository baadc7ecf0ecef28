"""How Alembic meets the database: ``storage/upgrade.py`` hands over the connection."""

from alembic import context

from storage.tables import Row


def include_object(_item, name, kind, _reflected, _compare_to):
    """Leave the full-text index, which is made by hand, out of comparisons."""
    return not (kind == "table" and name.startswith("search_index"))


context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=Row.metadata,
    render_as_batch=True,
    include_object=include_object,
    compare_type=True,
)
with context.begin_transaction():
    context.run_migrations()

"""What subscribers' own watches found. A watch's number is never used again, which buttons may still mean."""

import sqlalchemy as sa
import sqlmodel
from alembic import op

revision = '0002'
down_revision = '0001'
branch_labels = None
depends_on = None


def upgrade() -> None:
    _make_watches(sqlite_autoincrement=True)
    op.create_table('watch_hits',
    sa.Column('watch_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('article_id', sa.BigInteger(), nullable=False),
    sa.ForeignKeyConstraint(['watch_id'], ['watches.id'], name=op.f('fk_watch_hits_watch_id_watches'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('watch_id', 'article_id', name=op.f('pk_watch_hits')),
    sqlite_with_rowid=False
    )
    with op.batch_alter_table('watch_hits', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_watch_hits_article_id'), ['article_id'], unique=False)

    op.bulk_insert(sa.table('counters', sa.column('name', sa.String), sa.column('value', sa.BigInteger)), [{'name': 'watches', 'value': 0}])


def downgrade() -> None:
    op.execute("DELETE FROM counters WHERE name = 'watches'")
    op.drop_table('watch_hits')
    _make_watches(sqlite_autoincrement=False)


def _make_watches(*, sqlite_autoincrement: bool) -> None:
    """Make the table of watches anew: there was no way to fill it before this revision."""
    op.drop_table('watches')
    op.create_table('watches',
    sa.Column('id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('subscriber_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('name', sqlmodel.sql.sqltypes.AutoString(), nullable=False),
    sa.Column('rule', sqlmodel.sql.sqltypes.AutoString(), nullable=False),
    sa.ForeignKeyConstraint(['subscriber_id'], ['subscribers.id'], name=op.f('fk_watches_subscriber_id_subscribers'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_watches')),
    sqlite_autoincrement=sqlite_autoincrement
    )
    with op.batch_alter_table('watches', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_watches_subscriber_id'), ['subscriber_id'], unique=False)

"""How sources fare by day, what operators were told of them, posts that were withdrawn, and work that is done later."""

import sqlalchemy as sa
import sqlmodel
from alembic import op

revision = '0003'
down_revision = '0002'
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table('source_days',
    sa.Column('source_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('day', sa.Date(), nullable=False),
    sa.Column('polls', sa.Integer(), nullable=False),
    sa.Column('failures', sa.Integer(), nullable=False),
    sa.Column('items', sa.Integer(), nullable=False),
    sa.Column('matched', sa.Integer(), nullable=False),
    sa.PrimaryKeyConstraint('source_id', 'day', name=op.f('pk_source_days')),
    sqlite_with_rowid=False
    )
    op.create_table('errands',
    sa.Column('id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('chat_id', sa.BigInteger(), nullable=False),
    sa.Column('thread_id', sa.BigInteger(), nullable=False),
    sa.Column('kind', sqlmodel.sql.sqltypes.AutoString(), nullable=False),
    sa.Column('argument', sqlmodel.sql.sqltypes.AutoString(), nullable=False),
    sa.Column('created_at', sqlmodel.sql.sqltypes.UTCDateTime(), nullable=False),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_errands')),
    sqlite_autoincrement=True
    )
    with op.batch_alter_table('errands', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_errands_chat_id'), ['chat_id'], unique=False)

    op.add_column('sources', sa.Column('claimed_at', sqlmodel.sql.sqltypes.UTCDateTime(), nullable=True))
    op.add_column('sources', sa.Column('trouble', sqlmodel.sql.sqltypes.AutoString(), server_default=sa.text("''"), nullable=False))
    op.add_column('sources', sa.Column('told', sqlmodel.sql.sqltypes.AutoString(), server_default=sa.text("''"), nullable=False))
    op.add_column('sources', sa.Column('former_title', sqlmodel.sql.sqltypes.AutoString(), nullable=True))
    with op.batch_alter_table('sources', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_sources_publisher'), ['publisher'], unique=False)

    op.add_column('articles', sa.Column('withdrawn_at', sqlmodel.sql.sqltypes.UTCDateTime(), nullable=True))


def downgrade() -> None:
    op.drop_column('articles', 'withdrawn_at')
    with op.batch_alter_table('sources', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_sources_publisher'))

    for column in ('former_title', 'told', 'trouble', 'claimed_at'):
        op.drop_column('sources', column)
    op.drop_table('errands')
    op.drop_table('source_days')

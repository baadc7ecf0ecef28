"""Which digest a letter is, and indexes that hold what still waits and nothing else."""

import sqlalchemy as sa
from alembic import op

revision = '0008'
down_revision = '0007'
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column('outbox', sa.Column('digest_id', sa.BigInteger(), nullable=True))
    op.drop_index('ix_outbox_waiting', table_name='outbox')
    waiting = {'sqlite_where': sa.text('settled_at IS NULL'), 'postgresql_where': sa.text('settled_at IS NULL')}
    op.create_index('ix_outbox_waiting', 'outbox', ['priority', 'id'], unique=False, **waiting)
    op.create_index('ix_outbox_waiting_chat', 'outbox', ['chat_id', 'priority', 'id'], unique=False, **waiting)
    settled = {'sqlite_where': sa.text('settled_at IS NOT NULL'), 'postgresql_where': sa.text('settled_at IS NOT NULL')}
    op.create_index('ix_outbox_settled_at', 'outbox', ['settled_at'], unique=False, **settled)


def downgrade() -> None:
    op.drop_index('ix_outbox_settled_at', table_name='outbox')
    op.drop_index('ix_outbox_waiting_chat', table_name='outbox')
    op.drop_index('ix_outbox_waiting', table_name='outbox')
    states = {name: sa.text("state IN ('pending', 'later', 'sending')") for name in ('sqlite_where', 'postgresql_where')}
    op.create_index('ix_outbox_waiting', 'outbox', ['priority', 'id'], unique=False, **states)
    with op.batch_alter_table('outbox', schema=None) as batch_op:
        batch_op.drop_column('digest_id')

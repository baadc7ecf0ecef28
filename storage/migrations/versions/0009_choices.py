"""How far alerts have come, when digests delete themselves, and who was let in where access is by list."""

import sqlalchemy as sa
import sqlmodel
from alembic import op

revision = '0009'
down_revision = '0008'
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column('subscribers', sa.Column('alert_cursor', sa.BigInteger(), nullable=True))
    op.add_column('subscribers', sa.Column('fade_hours', sa.Integer(), nullable=True))
    for name in ('alert_cursor', 'fade_hours'):
        op.create_index(
            f'ix_subscribers_{name}',
            'subscribers',
            [name],
            sqlite_where=sa.text(f'{name} IS NOT NULL'),
            postgresql_where=sa.text(f'{name} IS NOT NULL'),
        )
    op.create_table('guests',
    sa.Column('chat_id', sa.BigInteger(), autoincrement=False, nullable=False),
    sa.PrimaryKeyConstraint('chat_id', name=op.f('pk_guests'))
    )
    op.create_table('invitations',
    sa.Column('code', sqlmodel.sql.sqltypes.AutoString(), nullable=False),
    sa.Column('made_at', sqlmodel.sql.sqltypes.UTCDateTime(), nullable=False),
    sa.PrimaryKeyConstraint('code', name=op.f('pk_invitations'))
    )


def downgrade() -> None:
    op.drop_table('invitations')
    op.drop_table('guests')
    for name in ('fade_hours', 'alert_cursor'):
        op.drop_index(f'ix_subscribers_{name}', table_name='subscribers')
        op.drop_column('subscribers', name)

"""What many letters say alike is stored once."""

import sqlalchemy as sa
import sqlmodel
from alembic import op

revision = '0010'
down_revision = '0009'
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table('circulars',
    sa.Column('id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), autoincrement=False, nullable=False),
    sa.Column('payload', sa.JSON(), nullable=False),
    sa.Column('written_at', sqlmodel.sql.sqltypes.UTCDateTime(), nullable=False),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_circulars'))
    )
    op.add_column('outbox', sa.Column('circular_id', sa.BigInteger(), nullable=True))


def downgrade() -> None:
    op.drop_column('outbox', 'circular_id')
    op.drop_table('circulars')

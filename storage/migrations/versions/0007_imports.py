"""Files that were imported, and the ids that their articles came with."""

import sqlalchemy as sa
import sqlmodel
from alembic import op

revision = '0007'
down_revision = '0006'
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table('imports',
    sa.Column('key', sa.LargeBinary(length=16), nullable=False),
    sa.Column('first', sa.BigInteger(), nullable=False),
    sa.Column('articles', sa.Integer(), nullable=False),
    sa.Column('started_at', sqlmodel.sql.sqltypes.UTCDateTime(), nullable=False),
    sa.PrimaryKeyConstraint('key', name=op.f('pk_imports'))
    )
    op.add_column('articles', sa.Column('given_id', sqlmodel.sql.sqltypes.AutoString(), nullable=True))
    op.execute("INSERT INTO counters (name, value) VALUES ('past', 0)")


def downgrade() -> None:
    op.execute("DELETE FROM counters WHERE name = 'past'")
    op.drop_column('articles', 'given_id')
    op.drop_table('imports')

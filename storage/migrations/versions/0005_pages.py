"""Which stories a digest told, in their order, so that its later pages stay what they were; where reading a channel's older pages ended."""

import sqlalchemy as sa
import sqlmodel
from alembic import op

revision = '0005'
down_revision = '0004'
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column('digests', sa.Column('stories', sa.JSON(), server_default=sa.text("'[]'"), nullable=False))
    op.add_column('sources', sa.Column('walk_from', sqlmodel.sql.sqltypes.AutoString(), nullable=True))


def downgrade() -> None:
    op.drop_column('sources', 'walk_from')
    op.drop_column('digests', 'stories')

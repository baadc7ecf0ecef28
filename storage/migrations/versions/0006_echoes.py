"""What stories that are over are found by for a while, and which earlier story one is an echo of."""

import sqlalchemy as sa
import sqlmodel
from alembic import op

revision = '0006'
down_revision = '0005'
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table('past_terms',
    sa.Column('term', sqlmodel.sql.sqltypes.AutoString(), nullable=False),
    sa.Column('story_id', sa.BigInteger(), nullable=False),
    sa.PrimaryKeyConstraint('term', 'story_id', name=op.f('pk_past_terms')),
    sqlite_with_rowid=False
    )
    with op.batch_alter_table('past_terms', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_past_terms_story_id'), ['story_id'], unique=False)

    op.create_table('past_profiles',
    sa.Column('story_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), autoincrement=False, nullable=False),
    sa.Column('last_seen_at', sqlmodel.sql.sqltypes.UTCDateTime(), nullable=False),
    sa.Column('profile', sa.LargeBinary(), nullable=False),
    sa.PrimaryKeyConstraint('story_id', name=op.f('pk_past_profiles'))
    )
    with op.batch_alter_table('past_profiles', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_past_profiles_last_seen_at'), ['last_seen_at'], unique=False)

    op.add_column('stories', sa.Column('echo_of', sa.BigInteger(), nullable=True))
    with op.batch_alter_table('stories', schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f('ix_stories_echo_of'),
            ['echo_of'],
            unique=False,
            sqlite_where=sa.text('echo_of IS NOT NULL'),
            postgresql_where=sa.text('echo_of IS NOT NULL'),
        )


def downgrade() -> None:
    with op.batch_alter_table('stories', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_stories_echo_of'))
    op.drop_column('stories', 'echo_of')
    op.drop_table('past_profiles')
    op.drop_table('past_terms')

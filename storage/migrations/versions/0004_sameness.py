"""What copies and stories are found by: sketches, furniture, term counts, story terms and profiles; and what was changed about stories."""

import sqlalchemy as sa
import sqlmodel
from alembic import op

revision = '0004'
down_revision = '0003'
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table('copy_postings',
    sa.Column('hash', sa.BigInteger(), nullable=False),
    sa.Column('article_id', sa.BigInteger(), nullable=False),
    sa.PrimaryKeyConstraint('hash', 'article_id', name=op.f('pk_copy_postings')),
    sqlite_with_rowid=False
    )
    op.create_table('furniture',
    sa.Column('publisher', sqlmodel.sql.sqltypes.AutoString(), nullable=False),
    sa.Column('key', sa.BigInteger(), nullable=False),
    sa.Column('groups', sa.Integer(), nullable=False),
    sa.Column('seen_on', sa.Date(), nullable=False),
    sa.PrimaryKeyConstraint('publisher', 'key', name=op.f('pk_furniture')),
    sqlite_with_rowid=False
    )
    op.create_table('term_counts',
    sa.Column('term', sqlmodel.sql.sqltypes.AutoString(), nullable=False),
    sa.Column('count', sa.Float(), nullable=False),
    sa.PrimaryKeyConstraint('term', name=op.f('pk_term_counts')),
    sqlite_with_rowid=False
    )
    op.create_table('story_terms',
    sa.Column('term', sqlmodel.sql.sqltypes.AutoString(), nullable=False),
    sa.Column('story_id', sa.BigInteger(), nullable=False),
    sa.PrimaryKeyConstraint('term', 'story_id', name=op.f('pk_story_terms')),
    sqlite_with_rowid=False
    )
    with op.batch_alter_table('story_terms', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_story_terms_story_id'), ['story_id'], unique=False)

    op.create_table('story_profiles',
    sa.Column('story_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), autoincrement=False, nullable=False),
    sa.Column('last_seen_at', sqlmodel.sql.sqltypes.UTCDateTime(), nullable=False),
    sa.Column('profile', sa.LargeBinary(), nullable=False),
    sa.PrimaryKeyConstraint('story_id', name=op.f('pk_story_profiles'))
    )
    with op.batch_alter_table('story_profiles', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_story_profiles_last_seen_at'), ['last_seen_at'], unique=False)

    op.create_table('story_changes',
    sa.Column('seq', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), autoincrement=False, nullable=False),
    sa.Column('kind', sqlmodel.sql.sqltypes.AutoString(), nullable=False),
    sa.Column('article_id', sa.BigInteger(), nullable=True),
    sa.Column('old_story_id', sa.BigInteger(), nullable=False),
    sa.Column('new_story_id', sa.BigInteger(), nullable=False),
    sa.Column('reason', sqlmodel.sql.sqltypes.AutoString(), nullable=False),
    sa.Column('by_hand', sa.Boolean(), nullable=False),
    sa.Column('at', sqlmodel.sql.sqltypes.UTCDateTime(), nullable=False),
    sa.PrimaryKeyConstraint('seq', name=op.f('pk_story_changes'))
    )
    with op.batch_alter_table('story_changes', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_story_changes_old_story_id'), ['old_story_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_story_changes_new_story_id'), ['new_story_id'], unique=False)

    op.add_column('articles', sa.Column('copy_score', sa.Float(), nullable=True))
    op.add_column('articles', sa.Column('placed_by_hand', sa.Boolean(), server_default=sa.false(), nullable=False))
    with op.batch_alter_table('articles', schema=None) as batch_op:
        batch_op.drop_index('ix_articles_unmatched')
        batch_op.drop_index('ix_articles_content_key')
        batch_op.drop_index('ix_articles_copy_of')
        batch_op.drop_index('ix_articles_story_id')
        # SQLite uses a partial index only where its condition stands in the query just as it does here.
        batch_op.create_index('ix_articles_unmatched', ['id'], sqlite_where=sa.text('matched = 0'), postgresql_where=sa.text('NOT matched'))
        batch_op.create_index('ix_articles_copy_of', ['copy_of'], sqlite_where=sa.text('copy_of IS NOT NULL'), postgresql_where=sa.text('copy_of IS NOT NULL'))
        batch_op.create_index('ix_articles_story_id', ['story_id'], sqlite_where=sa.text('story_id IS NOT NULL'), postgresql_where=sa.text('story_id IS NOT NULL'))


def downgrade() -> None:
    with op.batch_alter_table('articles', schema=None) as batch_op:
        batch_op.drop_index('ix_articles_unmatched')
        batch_op.drop_index('ix_articles_copy_of')
        batch_op.drop_index('ix_articles_story_id')
        batch_op.create_index('ix_articles_unmatched', ['id'], sqlite_where=sa.text('NOT matched'), postgresql_where=sa.text('NOT matched'))
        batch_op.create_index('ix_articles_content_key', ['content_key'], sqlite_where=sa.text('matched'), postgresql_where=sa.text('matched'))
        batch_op.create_index('ix_articles_copy_of', ['copy_of'])
        batch_op.create_index('ix_articles_story_id', ['story_id'])
    op.drop_column('articles', 'placed_by_hand')
    op.drop_column('articles', 'copy_score')
    for name in ('story_changes', 'story_profiles', 'story_terms', 'term_counts', 'furniture', 'copy_postings'):
        op.drop_table(name)

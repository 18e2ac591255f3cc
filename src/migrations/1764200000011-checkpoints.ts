import type { MigrationInterface, QueryRunner } from 'typeorm';

/** What the sealing leader writes: batches of changes, the log tree with its checkpoints, and where they went. */
export class Checkpoints1764200000011 implements MigrationInterface {
  name = 'Checkpoints1764200000011';

  async up(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query(CHANGE_SEALS);
    await queryRunner.query(SEAL_CHANGES);
    await queryRunner.query(TREE);
    await queryRunner.query(APPEND_CHECKPOINT);
    await queryRunner.query(PUBLICATIONS);
    await queryRunner.query(OUTCOMES);
    await queryRunner.query(ERASURE);
  }

  down(): Promise<void> {
    return Promise.reject(new Error('The logs are never dropped by a migration.'));
  }
}

// Every change waits in change_seals for its batch. What is committed and not sealed is seen there whatever its
// transaction id: a dump that was restored, where the ids start anew, loses nothing. A row that the owner types into
// change_log by hand waits there too.
const CHANGE_SEALS = `
CREATE TABLE change_seals (
  change_id bigint NOT NULL,
  transaction_id xid8 NOT NULL,
  -- null until it is sealed
  batch_no bigint,
  position integer,
  salt bytea,
  leaf bytea,
  CONSTRAINT change_seals_pk PRIMARY KEY (change_id)
);
CREATE UNIQUE INDEX change_seals_batch ON change_seals (batch_no, position) WHERE batch_no IS NOT NULL;
CREATE INDEX change_seals_open ON change_seals (transaction_id, change_id) WHERE batch_no IS NULL;

INSERT INTO change_seals (change_id, transaction_id) SELECT id, transaction_id FROM change_log;

CREATE FUNCTION await_seal() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
  INSERT INTO change_seals (change_id, transaction_id) VALUES (NEW.id, NEW.transaction_id);
  RETURN NULL;
END $$;
CREATE TRIGGER await_seal AFTER INSERT ON change_log FOR EACH ROW EXECUTE FUNCTION await_seal();
ALTER TABLE change_log ENABLE ALWAYS TRIGGER await_seal;
`;

// Runs as the owner. GH003 says: that is not what follows, somebody else was first. The change log is writer 0; a
// batch of it holds changes in the order of their transactions (transaction_id, id), and only of transactions below
// which none may still commit, so that a later batch never holds an earlier transaction of the same server.
const SEAL_CHANGES = `
CREATE FUNCTION audit_seal_changes(
  p_batch_no bigint,
  p_root bytea, p_prev_hash bytea, p_sealed_at bigint, p_signing_key text, p_signature bytea, p_header_hash bytea,
  -- the changes in their order
  p_change_id bigint[], p_salt bytea[], p_leaf bytea[])
RETURNS void LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
  v_no bigint;
  v_hash bytea;
  v_sealed bigint;
BEGIN
  PERFORM pg_advisory_xact_lock(hashtext('audit_seal'), 0);
  SELECT b.batch_no, b.header_hash INTO v_no, v_hash
  FROM audit_batches b WHERE b.writer = 0 ORDER BY b.batch_no DESC LIMIT 1;
  IF p_batch_no <> coalesce(v_no, 0) + 1 OR p_prev_hash <> coalesce(v_hash, decode(repeat('00', 32), 'hex')) THEN
    RAISE EXCEPTION 'batch % of the change log does not follow the one before it', p_batch_no USING ERRCODE = 'GH003';
  END IF;

  INSERT INTO audit_batches (writer, batch_no, row_count, root, prev_hash, sealed_at, signing_key, signature, header_hash)
  VALUES (0, p_batch_no, cardinality(p_change_id), p_root, p_prev_hash, p_sealed_at, p_signing_key, p_signature, p_header_hash);
  UPDATE change_seals s SET batch_no = p_batch_no, position = c.position - 1, salt = c.salt, leaf = c.leaf
  FROM unnest(p_change_id, p_salt, p_leaf) WITH ORDINALITY AS c (id, salt, leaf, position)
  WHERE s.change_id = c.id AND s.batch_no IS NULL;
  GET DIAGNOSTICS v_sealed = ROW_COUNT;
  IF v_sealed <> cardinality(p_change_id) THEN
    RAISE EXCEPTION 'batch % holds changes that are sealed, or that there are not', p_batch_no USING ERRCODE = 'GH003';
  END IF;
END $$;
`;

// A leaf of the log tree is the head of a writer's chain: each header names the one before it, so that one entry
// anchors all batches up to it. A node is the root of 256 leaves, or of 256 nodes of the level below (level 8, 16,
// 24: its height in the tree): with them the root of millions of leaves is that of some hundred hashes.
const TREE = `
CREATE TABLE audit_tree (
  seq bigint NOT NULL,
  writer integer NOT NULL,
  batch_no bigint NOT NULL,
  header_hash bytea NOT NULL,
  CONSTRAINT audit_tree_pk PRIMARY KEY (seq),
  CONSTRAINT audit_tree_batch UNIQUE (writer, batch_no)
);
CREATE TABLE audit_tree_nodes (
  level smallint NOT NULL,
  index bigint NOT NULL,
  hash bytea NOT NULL,
  CONSTRAINT audit_tree_nodes_pk PRIMARY KEY (level, index)
);
CREATE TABLE audit_checkpoints (
  no bigint NOT NULL,
  -- leaves of the log tree
  log_size bigint NOT NULL,
  root bytea NOT NULL,
  prev_hash bytea NOT NULL,
  sealed_at bigint NOT NULL,
  signing_key text NOT NULL,
  signature bytea NOT NULL,
  hash bytea NOT NULL,
  CONSTRAINT audit_checkpoints_pk PRIMARY KEY (no)
);
CREATE INDEX audit_checkpoints_size ON audit_checkpoints (log_size);
`;

// A checkpoint comes with what it adds to the tree, in one transaction, and only after the very checkpoint that it names.
const APPEND_CHECKPOINT = `
CREATE FUNCTION audit_append_checkpoint(
  p_no bigint, p_size_before bigint, p_size bigint,
  p_root bytea, p_prev_hash bytea, p_sealed_at bigint, p_signing_key text, p_signature bytea, p_hash bytea,
  -- the new leaves of the tree, in their order
  p_writer integer[], p_batch_no bigint[], p_header_hash bytea[],
  -- the nodes that they complete
  p_node_level smallint[], p_node_index bigint[], p_node_hash bytea[])
RETURNS void LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
  v_no bigint;
  v_size bigint;
  v_hash bytea;
BEGIN
  PERFORM pg_advisory_xact_lock(hashtext('audit_seal'), 1);
  SELECT c.no, c.log_size, c.hash INTO v_no, v_size, v_hash FROM audit_checkpoints c ORDER BY c.no DESC LIMIT 1;
  IF p_no <> coalesce(v_no, 0) + 1 OR p_size_before <> coalesce(v_size, 0)
    OR p_prev_hash <> coalesce(v_hash, decode(repeat('00', 32), 'hex'))
    OR p_size <> p_size_before + cardinality(p_writer) OR p_size = p_size_before THEN
    RAISE EXCEPTION 'checkpoint % does not follow the one before it', p_no USING ERRCODE = 'GH003';
  END IF;
  IF EXISTS (
    SELECT FROM unnest(p_writer, p_batch_no, p_header_hash) AS e (writer, batch_no, header_hash)
    WHERE NOT EXISTS (SELECT FROM audit_batches b
        WHERE b.writer = e.writer AND b.batch_no = e.batch_no AND b.header_hash = e.header_hash)
      OR EXISTS (SELECT FROM audit_tree t WHERE t.writer = e.writer AND t.batch_no >= e.batch_no)) THEN
    RAISE EXCEPTION 'checkpoint % names a batch that there is not, or that is anchored', p_no USING ERRCODE = 'GH003';
  END IF;

  INSERT INTO audit_tree (seq, writer, batch_no, header_hash)
  SELECT p_size_before + e.position - 1, e.writer, e.batch_no, e.header_hash
  FROM unnest(p_writer, p_batch_no, p_header_hash) WITH ORDINALITY AS e (writer, batch_no, header_hash, position);
  INSERT INTO audit_tree_nodes (level, index, hash)
  SELECT n.level, n.index, n.hash FROM unnest(p_node_level, p_node_index, p_node_hash) AS n (level, index, hash);
  INSERT INTO audit_checkpoints (no, log_size, root, prev_hash, sealed_at, signing_key, signature, hash)
  VALUES (p_no, p_size, p_root, p_prev_hash, p_sealed_at, p_signing_key, p_signature, p_hash);
END $$;

-- Every writer's newest batch, and the newest one that a checkpoint covers (0: none). A skip scan: writers are few,
-- batches are many.
CREATE FUNCTION audit_heads(
  OUT writer integer, OUT batch_no bigint, OUT header_hash bytea, OUT anchored_no bigint, OUT waiting_since timestamptz)
RETURNS SETOF record LANGUAGE sql STABLE SET search_path = public, pg_temp AS $$
  WITH RECURSIVE writers AS (
    SELECT min(b.writer) AS writer FROM audit_batches b
    UNION ALL
    SELECT (SELECT min(b.writer) FROM audit_batches b WHERE b.writer > w.writer) FROM writers w WHERE w.writer IS NOT NULL
  )
  SELECT w.writer, head.batch_no, head.header_hash, anchor.no,
    (SELECT b.committed_at FROM audit_batches b WHERE b.writer = w.writer AND b.batch_no > anchor.no
     ORDER BY b.batch_no LIMIT 1)
  FROM writers w
  CROSS JOIN LATERAL (
    SELECT b.batch_no, b.header_hash FROM audit_batches b WHERE b.writer = w.writer ORDER BY b.batch_no DESC LIMIT 1) AS head
  CROSS JOIN LATERAL (
    SELECT coalesce(max(t.batch_no), 0) AS no FROM audit_tree t WHERE t.writer = w.writer) AS anchor
  WHERE w.writer IS NOT NULL
$$;
`;

// A place is where checkpoints go: a file on a host, a webhook's address, a bucket with its prefix.
const PUBLICATIONS = `
CREATE TABLE audit_publications (
  checkpoint_no bigint NOT NULL,
  kind text NOT NULL,
  place text NOT NULL,
  published_at timestamptz(3) NOT NULL DEFAULT clock_timestamp(),
  CONSTRAINT audit_publications_pk PRIMARY KEY (place, checkpoint_no)
);
CREATE INDEX audit_publications_checkpoint ON audit_publications (checkpoint_no);

CREATE FUNCTION audit_note_publication(p_checkpoint_no bigint, p_kind text, p_place text)
RETURNS void LANGUAGE sql SECURITY DEFINER SET search_path = public, pg_temp AS $$
  INSERT INTO audit_publications (checkpoint_no, kind, place) VALUES (p_checkpoint_no, p_kind, p_place)
  ON CONFLICT DO NOTHING
$$;
`;

// How far the leader has looked for changes whose request has no row.
const OUTCOMES = `
CREATE TABLE audit_outcomes_checked (
  one boolean NOT NULL DEFAULT true,
  batch_no bigint NOT NULL,
  CONSTRAINT audit_outcomes_checked_pk PRIMARY KEY (one),
  CONSTRAINT audit_outcomes_checked_one CHECK (one)
);
INSERT INTO audit_outcomes_checked (batch_no) VALUES (0);

CREATE FUNCTION audit_note_outcomes(p_batch_no bigint)
RETURNS void LANGUAGE sql SECURITY DEFINER SET search_path = public, pg_temp AS $$
  UPDATE audit_outcomes_checked SET batch_no = p_batch_no WHERE batch_no < p_batch_no
$$;
`;

// What remains of personal fields that are erased: the commitment by which they entered the leaf.
const ERASURE = `
ALTER TABLE request_log ADD COLUMN personal_commitment bytea;
ALTER TABLE change_seals ADD COLUMN personal_commitment bytea;
`;

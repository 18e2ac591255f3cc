import type { MigrationInterface, QueryRunner } from 'typeorm';

/** What drops days that are older than the retention: signed records of it, and what keeps the proofs of the rest. */
export class Retention1764200000041 implements MigrationInterface {
  name = 'Retention1764200000041';

  async up(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query(TABLES);
    await queryRunner.query(ROWS_OF);
    await queryRunner.query(PLAN);
    await queryRunner.query(DROP_PARTITION);
    await queryRunner.query(PURGE);
  }

  down(): Promise<void> {
    return Promise.reject(new Error('The logs are never dropped by a migration.'));
  }
}

const TABLES = `
CREATE TABLE audit_purges (
  no bigint NOT NULL,
  day date NOT NULL,
  log text NOT NULL,
  policy text NOT NULL,
  rows bigint NOT NULL,
  batches_digest bytea NOT NULL,
  prev_hash bytea NOT NULL,
  purged_at bigint NOT NULL,
  signing_key text NOT NULL,
  signature bytea NOT NULL,
  hash bytea NOT NULL,
  CONSTRAINT audit_purges_pk PRIMARY KEY (no),
  CONSTRAINT audit_purges_log CHECK (log IN ('requests', 'changes'))
);
CREATE TABLE audit_purged_batches (
  writer integer NOT NULL,
  batch_no bigint NOT NULL,
  purge_no bigint NOT NULL,
  rows integer NOT NULL,
  CONSTRAINT audit_purged_batches_pk PRIMARY KEY (writer, batch_no, purge_no)
);
CREATE INDEX audit_purged_batches_purge ON audit_purged_batches (purge_no);
-- Of batches that keep some rows: the leaves of those they do not, so that their root can still be computed.
CREATE TABLE audit_kept_leaves (
  writer integer NOT NULL,
  batch_no bigint NOT NULL,
  position integer NOT NULL,
  leaf bytea NOT NULL,
  CONSTRAINT audit_kept_leaves_pk PRIMARY KEY (writer, batch_no, position)
);
-- Rows that were held when their day was dropped, whole. A column that request_log gets later belongs here too.
CREATE TABLE held_requests (LIKE request_log INCLUDING DEFAULTS);
ALTER TABLE held_requests ADD CONSTRAINT held_requests_pk PRIMARY KEY (writer, batch_no, position);
CREATE INDEX held_requests_at ON held_requests (at);
CREATE INDEX held_requests_key ON held_requests (key_id, request_id);
CREATE INDEX held_requests_organization ON held_requests (organization_id, request_id);
-- small, and good enough to find the oldest changes: they lie in about the order of their time
CREATE INDEX change_log_at ON change_log USING brin (at) WITH (pages_per_range = 32);
`;

/** A condition on a row: one of the holds says all that it says of this row. */
const isHeld = (
  at: string,
  of: Readonly<Record<'organization' | 'store' | 'key' | 'member', string>>,
) => `EXISTS (
    SELECT FROM jsonb_to_recordset(p_holds) AS h (
      "from" timestamptz, "to" timestamptz, organization uuid, store uuid, key uuid, member uuid)
    WHERE (h."from" IS NULL OR ${at} >= h."from") AND (h."to" IS NULL OR ${at} < h."to")
      AND (h.organization IS NULL OR ${of.organization}) AND (h.store IS NULL OR ${of.store})
      AND (h.key IS NULL OR ${of.key}) AND (h.member IS NULL OR ${of.member}))`;

/** Whether a row `r` of the request log is held by `p_holds`. */
export const REQUEST_HELD = isHeld('r.at', {
  organization: 'r.organization_id = h.organization',
  store: 'r.store_id = h.store',
  key: 'r.key_id = h.key',
  member: 'r.member_id = h.member',
});

const changeBy = (kind: 'key' | 'member') =>
  `(c.entity = '${kind}' AND c.entity_id = h.${kind}::text OR c.actor_type = '${kind}' AND c.actor_id = h.${kind}::text)`;
/** Whether a change `c` is. */
export const CHANGE_HELD = isHeld('c.at', {
  organization: 'c.organization_id = h.organization',
  store: 'c.store_id = h.store',
  key: changeBy('key'),
  member: changeBy('member'),
});

const ofDay = (at: string) =>
  `${at} >= p_day::timestamp AT TIME ZONE 'UTC' AND ${at} < (p_day + 1)::timestamp AT TIME ZONE 'UTC'`;

// What a log has of a day (UTC), and whether it is held. Held changes stay where they are, held requests lie in
// held_requests once their day is dropped. Of the changes that are not held, the first 20,000: one purge's worth.
const ROWS_OF = `
CREATE FUNCTION audit_rows_of(p_log text, p_day date, p_holds jsonb)
RETURNS TABLE (change_id bigint, writer integer, batch_no bigint, "position" integer, leaf bytea, held boolean)
LANGUAGE sql STABLE AS $$
  SELECT NULL::bigint, r.writer, r.batch_no, r.position, r.leaf, ${REQUEST_HELD}
  FROM request_log r WHERE p_log = 'requests' AND ${ofDay('r.at')}
  UNION ALL
  SELECT NULL, r.writer, r.batch_no, r.position, r.leaf, ${REQUEST_HELD}
  FROM held_requests r WHERE p_log = 'requests' AND ${ofDay('r.at')}
  UNION ALL
  SELECT s.change_id, 0, s.batch_no, s.position, s.leaf, false
  FROM (
    SELECT c.id FROM change_log c WHERE p_log = 'changes' AND ${ofDay('c.at')} AND NOT ${CHANGE_HELD}
    ORDER BY c.id LIMIT 20000) AS dropped
  JOIN change_seals s ON s.change_id = dropped.id
  UNION ALL
  SELECT s.change_id, 0, s.batch_no, s.position, s.leaf, true
  FROM change_log c JOIN change_seals s ON s.change_id = c.id
  WHERE p_log = 'changes' AND ${ofDay('c.at')} AND ${CHANGE_HELD}
$$;
`;

// What a purge of a day would do, to be signed. Runs as the owner, for its lock: nobody writes to a day between its
// plan and its purge. In the order in which both take their locks, purges and erasures take turns.
const PLAN = `
CREATE FUNCTION audit_purge_plan(
  p_log text, p_day date, p_holds jsonb,
  OUT dropped bigint, OUT held bigint, OUT batches_digest bytea,
  -- rows of it are not sealed, or no checkpoint covers them
  OUT is_waiting boolean,
  OUT has_partition boolean,
  -- of the record before
  OUT last_no bigint, OUT last_hash bytea)
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
  v_partition text := 'request_log_' || to_char(p_day, 'YYYYMMDD');
BEGIN
  IF p_day >= (gate_clock() AT TIME ZONE 'UTC')::date - 30 THEN
    RAISE EXCEPTION 'the day % is not 30 days old', p_day USING ERRCODE = 'GH004';
  END IF;
  PERFORM pg_advisory_xact_lock(hashtext('audit_retention'), 0);
  has_partition := p_log = 'requests' AND to_regclass(v_partition) IS NOT NULL;
  IF has_partition THEN EXECUTE format('LOCK TABLE %I IN SHARE MODE', v_partition); END IF;

  WITH batches AS (
    SELECT r.writer, r.batch_no, count(*) FILTER (WHERE NOT r.held) AS dropped, count(*) FILTER (WHERE r.held) AS held
    FROM audit_rows_of(p_log, p_day, p_holds) AS r GROUP BY 1, 2
  ), heads AS (
    SELECT b.writer, max(b.batch_no) AS batch_no FROM batches b GROUP BY 1
  )
  SELECT coalesce(sum(b.dropped), 0), coalesce(sum(b.held), 0),
    sha256(convert_to(coalesce(string_agg(b.writer || ':' || b.batch_no || ':' || b.dropped || E'\\n', ''
      ORDER BY b.writer, b.batch_no) FILTER (WHERE b.dropped > 0), ''), 'UTF8')),
    EXISTS (
      SELECT FROM heads h JOIN audit_batches a ON a.writer = h.writer AND a.batch_no = h.batch_no
      WHERE a.header_hash IS NOT NULL
        AND h.batch_no > coalesce((SELECT max(t.batch_no) FROM audit_tree t WHERE t.writer = h.writer), 0))
    OR p_log = 'changes' AND EXISTS (
      SELECT FROM change_log c LEFT JOIN change_seals s ON s.change_id = c.id
      WHERE ${ofDay('c.at')} AND s.batch_no IS NULL)
  INTO dropped, held, batches_digest, is_waiting
  FROM batches b;

  SELECT p.no, p.hash INTO last_no, last_hash FROM audit_purges p ORDER BY p.no DESC LIMIT 1;
  last_no := coalesce(last_no, 0);
  last_hash := coalesce(last_hash, decode(repeat('00', 32), 'hex'));
END $$;
`;

// Dropping a partition locks the whole log for a moment; while it waits for a long reader, every writer waits behind
// it. So it waits a quarter of a second at most, lets them by, and comes again. No SECURITY DEFINER: the owner's
// functions alone get anywhere with it.
const DROP_PARTITION = `
CREATE FUNCTION audit_drop_partition(p_partition text) RETURNS void LANGUAGE plpgsql AS $$
BEGIN
  PERFORM set_config('lock_timeout', '250ms', true);
  FOR v_try IN 1..40 LOOP
    BEGIN
      EXECUTE format('DROP TABLE %I', p_partition);
      RETURN;
    EXCEPTION WHEN lock_not_available THEN
      IF v_try = 40 THEN RAISE; END IF;
      PERFORM pg_sleep(0.5);
    END;
  END LOOP;
END $$;
`;

// Record and drop in one transaction. Whoever calls it cannot go beyond policy's floor of 30 days, nor without a
// record that follows the last one and says what is dropped; its signature is the caller's. GH003: somebody else was
// first; GH004: it must not be.
const PURGE = `
CREATE FUNCTION audit_purge(
  p_log text, p_day date, p_holds jsonb,
  p_no bigint, p_policy text, p_rows bigint, p_batches_digest bytea, p_prev_hash bytea,
  p_purged_at bigint, p_signing_key text, p_signature bytea, p_hash bytea)
RETURNS void LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
  v_plan record;
BEGIN
  SELECT * INTO v_plan FROM audit_purge_plan(p_log, p_day, p_holds);
  IF p_no <> v_plan.last_no + 1 OR p_prev_hash <> v_plan.last_hash THEN
    RAISE EXCEPTION 'purge % does not follow the one before it', p_no USING ERRCODE = 'GH003';
  END IF;
  IF v_plan.is_waiting THEN
    RAISE EXCEPTION 'rows of % are not anchored by a checkpoint', p_day USING ERRCODE = 'GH004';
  END IF;
  IF p_log NOT IN ('requests', 'changes') OR p_rows <> v_plan.dropped OR p_batches_digest <> v_plan.batches_digest
    OR p_hash <> sha256(convert_to(format(
      '{"batches_digest":"%s","day":"%s","log":"%s","no":%s,"policy":%s,"prev":"%s","purged_at":%s,"rows":%s,"signing_key":%s,"type":"gatehouse/purge/v1"}',
      encode(p_batches_digest, 'hex'), to_char(p_day, 'YYYY-MM-DD'), p_log, p_no, to_json(p_policy),
      encode(p_prev_hash, 'hex'), p_purged_at, p_rows, to_json(p_signing_key)), 'UTF8')) THEN
    RAISE EXCEPTION 'the record of purge % is not of what it would drop', p_no USING ERRCODE = 'GH004';
  END IF;

  INSERT INTO audit_purges (
    no, day, log, policy, rows, batches_digest, prev_hash, purged_at, signing_key, signature, hash)
  VALUES (p_no, p_day, p_log, p_policy, p_rows, p_batches_digest, p_prev_hash, p_purged_at, p_signing_key, p_signature, p_hash);
  INSERT INTO audit_purged_batches (writer, batch_no, purge_no, rows)
  SELECT r.writer, r.batch_no, p_no, count(*) FROM audit_rows_of(p_log, p_day, p_holds) AS r
  WHERE NOT r.held GROUP BY 1, 2;

  -- A batch that is dropped as a whole keeps its header alone; of the others the leaves stay.
  WITH whole AS (
    SELECT b.writer, b.batch_no FROM audit_batches b JOIN audit_purged_batches t
      ON t.writer = b.writer AND t.batch_no = b.batch_no AND t.purge_no = p_no
    WHERE b.row_count = (
      SELECT sum(a.rows) FROM audit_purged_batches a WHERE a.writer = b.writer AND a.batch_no = b.batch_no)
  ), needless AS (
    DELETE FROM audit_kept_leaves k USING whole w WHERE k.writer = w.writer AND k.batch_no = w.batch_no
  )
  INSERT INTO audit_kept_leaves (writer, batch_no, position, leaf)
  SELECT r.writer, r.batch_no, r.position, r.leaf FROM audit_rows_of(p_log, p_day, p_holds) AS r
  WHERE NOT r.held AND r.leaf IS NOT NULL
    AND NOT EXISTS (SELECT FROM whole w WHERE w.writer = r.writer AND w.batch_no = r.batch_no)
  ON CONFLICT DO NOTHING;

  IF p_log = 'changes' THEN
    WITH dropped AS (
      DELETE FROM change_seals s USING audit_rows_of(p_log, p_day, p_holds) AS r
      WHERE s.change_id = r.change_id AND NOT r.held RETURNING s.change_id
    )
    DELETE FROM change_log c USING dropped d WHERE c.id = d.change_id;
  ELSE
    -- what was held and is not any more
    DELETE FROM held_requests r WHERE ${ofDay('r.at')} AND NOT ${REQUEST_HELD};
    INSERT INTO held_requests SELECT r.* FROM request_log r WHERE ${ofDay('r.at')} AND ${REQUEST_HELD};
    IF v_plan.has_partition THEN
      PERFORM audit_drop_partition('request_log_' || to_char(p_day, 'YYYYMMDD'));
    END IF;
  END IF;
END $$;
`;

import type { MigrationInterface, QueryRunner } from 'typeorm';

/** What makes the request log evidence: a leaf for each row, and a signed header for each batch. */
export class Evidence1764200000001 implements MigrationInterface {
  name = 'Evidence1764200000001';

  async up(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query(ROWS);
    await queryRunner.query(BATCHES);
    await queryRunner.query(AUDIT_APPEND);
  }

  down(): Promise<void> {
    return Promise.reject(new Error('The logs are never dropped by a migration.'));
  }
}

// The principal as it was evaluated; and the row's evidence: its leaf in the batch's tree, and the salt under which
// its personal fields enter it. Rows of before have none.
const ROWS = `
ALTER TABLE request_log
  ADD COLUMN key_preview text,
  ADD COLUMN role_id uuid,
  ADD COLUMN role_version bigint,
  ADD COLUMN effective_level text,
  ADD COLUMN operation text,
  ADD COLUMN salt bytea,
  ADD COLUMN leaf bytea;
`;

// A batch of before has no header.
const BATCHES = `
ALTER TABLE audit_batches
  DROP COLUMN digest,
  ADD COLUMN root bytea,
  ADD COLUMN prev_hash bytea,
  ADD COLUMN sealed_at bigint,
  ADD COLUMN signing_key text,
  ADD COLUMN signature bytea,
  ADD COLUMN header_hash bytea;

-- Public keys that signed anything, the next endorsed by the one before it. The private ones are derived from the
-- master secret and stored nowhere.
CREATE TABLE audit_signing_keys (
  id text NOT NULL,
  public_key bytea NOT NULL,
  -- the master secret that the private one is derived from, and which of its keys it is
  master_id text NOT NULL,
  generation integer NOT NULL,
  created_at timestamptz(3) NOT NULL DEFAULT clock_timestamp(),
  endorsed_by text,
  endorsement bytea,
  CONSTRAINT audit_signing_keys_pk PRIMARY KEY (id),
  CONSTRAINT audit_signing_keys_one UNIQUE (master_id, generation)
);
`;

// As 1763700000001 made it, with what the rows and the batch have more. Runs as the owner: the server's role may
// append to the log through it, and can neither update nor delete. The batch's key makes an unclear commit
// repeatable: 23505 on audit_batches says "it was committed", the header's hash says whether it was this one.
const AUDIT_APPEND = `
DROP FUNCTION audit_append;
CREATE FUNCTION audit_append(
  p_writer integer, p_batch_no bigint, p_row_count integer,
  p_root bytea, p_prev_hash bytea, p_sealed_at bigint, p_signing_key text, p_signature bytea, p_header_hash bytea,
  -- the rows, one array per column
  p_at double precision[], p_request_id uuid[], p_organization_id uuid[], p_store_id uuid[],
  p_key_id uuid[], p_key_name text[], p_key_preview text[], p_secret_id uuid[], p_member_id uuid[],
  p_role_id uuid[], p_role_version bigint[],
  p_method text[], p_route text[], p_operation text[], p_path text[], p_query text[],
  p_resource text[], p_level text[], p_effective_level text[],
  p_status smallint[], p_answered smallint[], p_outcome text[], p_error_code text[], p_reason text[],
  p_ip inet[], p_user_agent text[], p_client_request_id text[],
  p_duration_micros integer[], p_response_bytes bigint[], p_quota_charged smallint[], p_replayed boolean[],
  p_occurrences integer[], p_completes uuid[], p_salt bytea[], p_leaf bytea[],
  -- the last use of each secret among them
  p_used_key uuid[], p_used_secret uuid[], p_used_at double precision[], p_used_from inet[])
RETURNS void LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
  -- No gaps and no forks: a batch names the one before it, or there is none. GH002 says: look again which is the last.
  IF p_batch_no > 1 AND NOT EXISTS (
    SELECT FROM audit_batches b WHERE b.writer = p_writer AND b.batch_no = p_batch_no - 1
      AND coalesce(b.header_hash, decode(repeat('00', 32), 'hex')) = p_prev_hash) THEN
    RAISE EXCEPTION 'batch % of writer % does not follow the one before it', p_batch_no, p_writer USING ERRCODE = 'GH002';
  END IF;

  -- before the rows, so that a repeated batch stops here, or waits here for the fate of its first attempt
  INSERT INTO audit_batches (writer, batch_no, row_count, root, prev_hash, sealed_at, signing_key, signature, header_hash)
  VALUES (p_writer, p_batch_no, p_row_count, p_root, p_prev_hash, p_sealed_at, p_signing_key, p_signature, p_header_hash);

  INSERT INTO request_log (
    at, request_id, writer, batch_no, position, organization_id, store_id,
    key_id, key_name, key_preview, secret_id, member_id, role_id, role_version,
    method, route, operation, path, query, resource, level, effective_level,
    status, answered, outcome, error_code, reason,
    ip, user_agent, client_request_id, duration_micros, response_bytes, quota_charged, replayed, occurrences, completes,
    salt, leaf)
  SELECT to_timestamp(r.at / 1000.0), r.request_id, p_writer, p_batch_no, r.position - 1,
    r.organization_id, r.store_id,
    r.key_id, r.key_name, r.key_preview, r.secret_id, r.member_id, r.role_id, r.role_version,
    r.method, r.route, r.operation, r.path, r.query, r.resource, r.level, r.effective_level,
    r.status, r.answered, r.outcome, r.error_code, r.reason,
    r.ip, r.user_agent, r.client_request_id,
    r.duration_micros, r.response_bytes, r.quota_charged, r.replayed, r.occurrences, r.completes,
    r.salt, r.leaf
  FROM unnest(
    p_at, p_request_id, p_organization_id, p_store_id, p_key_id, p_key_name, p_key_preview, p_secret_id, p_member_id,
    p_role_id, p_role_version, p_method, p_route, p_operation, p_path, p_query, p_resource, p_level, p_effective_level,
    p_status, p_answered, p_outcome, p_error_code, p_reason,
    p_ip, p_user_agent, p_client_request_id, p_duration_micros, p_response_bytes, p_quota_charged, p_replayed,
    p_occurrences, p_completes, p_salt, p_leaf) WITH ORDINALITY AS r (
    at, request_id, organization_id, store_id, key_id, key_name, key_preview, secret_id, member_id,
    role_id, role_version, method, route, operation, path, query, resource, level, effective_level,
    status, answered, outcome, error_code, reason,
    ip, user_agent, client_request_id, duration_micros, response_bytes, quota_charged, replayed,
    occurrences, completes, salt, leaf, position);

  INSERT INTO key_activity AS a (key_id, secret_id, writer, last_used_at, last_used_ip)
  SELECT key_id, secret_id, p_writer, to_timestamp(used_at / 1000.0), used_from
  FROM unnest(p_used_key, p_used_secret, p_used_at, p_used_from) AS u (key_id, secret_id, used_at, used_from)
  ON CONFLICT (key_id, secret_id, writer) DO UPDATE
    SET last_used_at = excluded.last_used_at, last_used_ip = excluded.last_used_ip
    WHERE a.last_used_at <= excluded.last_used_at;
END $$;

-- As before, and tells the header that the next one names.
DROP FUNCTION audit_claim_writer;
CREATE FUNCTION audit_claim_writer(OUT writer integer, OUT last_batch_no bigint, OUT last_hash bytea)
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
  FOR n IN 1..10000 LOOP
    IF pg_try_advisory_lock(hashtext('audit_writer'), n) THEN
      writer := n;
      SELECT b.batch_no, b.header_hash INTO last_batch_no, last_hash
      FROM audit_batches b WHERE b.writer = n ORDER BY b.batch_no DESC LIMIT 1;
      last_batch_no := coalesce(last_batch_no, 0);
      RETURN;
    END IF;
  END LOOP;
  RAISE EXCEPTION 'more than 10000 audit writers at once';
END $$;

-- Makes a signing key known. A key that is known stays as it is.
CREATE FUNCTION audit_add_signing_key(
  p_id text, p_public_key bytea, p_master_id text, p_generation integer, p_endorsed_by text, p_endorsement bytea)
RETURNS void LANGUAGE sql SECURITY DEFINER SET search_path = public, pg_temp AS $$
  INSERT INTO audit_signing_keys (id, public_key, master_id, generation, endorsed_by, endorsement)
  VALUES (p_id, p_public_key, p_master_id, p_generation, p_endorsed_by, p_endorsement) ON CONFLICT DO NOTHING
$$;
`;

import type { MigrationInterface, QueryRunner } from 'typeorm';

/** The request log with its writers and batches, and the change log with the trigger that fills it. */
export class Logs1763700000001 implements MigrationInterface {
  name = 'Logs1763700000001';

  async up(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query(REQUEST_LOG);
    await queryRunner.query(AUDIT_APPEND);
    await queryRunner.query(PARTITIONS);
    await queryRunner.query(CHANGE_LOG);
    await queryRunner.query(RECORD_CHANGE);
    await queryRunner.query(BUMP_VERSION);
  }

  down(): Promise<void> {
    return Promise.reject(new Error('The logs are never dropped by a migration.'));
  }
}

// No foreign keys on the log: a row outlives what it names. Two B-trees alone, on time-ordered ids, append at
// one place per key; the BRIN index finds a request by id because UUIDv7 grows with the heap.
const REQUEST_LOG = `
CREATE TABLE audit_batches (
  writer integer NOT NULL,
  batch_no bigint NOT NULL,
  row_count integer NOT NULL,
  digest bytea NOT NULL,
  committed_at timestamptz NOT NULL DEFAULT clock_timestamp(),
  CONSTRAINT audit_batches_pk PRIMARY KEY (writer, batch_no)
);

CREATE TABLE request_log (
  at timestamptz(3) NOT NULL,
  request_id uuid NOT NULL,
  writer integer NOT NULL,
  batch_no bigint NOT NULL,
  position integer NOT NULL,
  organization_id uuid,
  store_id uuid,
  key_id uuid,
  key_name text,
  secret_id uuid,
  member_id uuid,
  method text NOT NULL,
  route text,
  path text NOT NULL,
  query text,
  resource text,
  level text,
  status smallint NOT NULL,
  answered smallint,
  outcome text NOT NULL,
  error_code text,
  reason text,
  ip inet,
  user_agent text,
  client_request_id text,
  duration_micros integer NOT NULL,
  response_bytes bigint,
  quota_charged smallint NOT NULL,
  replayed boolean NOT NULL,
  occurrences integer NOT NULL,
  completes uuid
) PARTITION BY RANGE (at);
CREATE INDEX request_log_key ON request_log (key_id, request_id);
CREATE INDEX request_log_organization ON request_log (organization_id, request_id);
CREATE INDEX request_log_id ON request_log USING brin (request_id uuid_minmax_ops) WITH (pages_per_range = 32);

-- One row per secret and writer, read by max, so that writers never wait for each other.
CREATE TABLE key_activity (
  key_id uuid NOT NULL,
  secret_id uuid NOT NULL,
  writer integer NOT NULL,
  last_used_at timestamptz(3) NOT NULL,
  last_used_ip inet,
  CONSTRAINT key_activity_pk PRIMARY KEY (key_id, secret_id, writer)
) WITH (fillfactor = 50);
`;

// Runs as the owner: the server's role may append to the log through it, and can neither update nor delete.
// The batch's key makes an unclear commit repeatable: 23505 on audit_batches says "it was committed".
const AUDIT_APPEND = `
CREATE FUNCTION audit_append(
  p_writer integer, p_batch_no bigint, p_row_count integer, p_digest bytea,
  -- the rows, one array per column
  p_at double precision[], p_request_id uuid[], p_organization_id uuid[], p_store_id uuid[],
  p_key_id uuid[], p_key_name text[], p_secret_id uuid[], p_member_id uuid[],
  p_method text[], p_route text[], p_path text[], p_query text[], p_resource text[], p_level text[],
  p_status smallint[], p_answered smallint[], p_outcome text[], p_error_code text[], p_reason text[],
  p_ip inet[], p_user_agent text[], p_client_request_id text[],
  p_duration_micros integer[], p_response_bytes bigint[], p_quota_charged smallint[], p_replayed boolean[],
  p_occurrences integer[], p_completes uuid[],
  -- the last use of each secret among them
  p_used_key uuid[], p_used_secret uuid[], p_used_at double precision[], p_used_from inet[])
RETURNS void LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
  -- first, so that a repeated batch stops here, or waits here for the fate of its first attempt
  INSERT INTO audit_batches (writer, batch_no, row_count, digest) VALUES (p_writer, p_batch_no, p_row_count, p_digest);

  INSERT INTO request_log (
    at, request_id, writer, batch_no, position, organization_id, store_id, key_id, key_name, secret_id, member_id,
    method, route, path, query, resource, level, status, answered, outcome, error_code, reason,
    ip, user_agent, client_request_id, duration_micros, response_bytes, quota_charged, replayed, occurrences, completes)
  SELECT to_timestamp(r.at / 1000.0), r.request_id, p_writer, p_batch_no, r.position - 1,
    r.organization_id, r.store_id, r.key_id, r.key_name, r.secret_id, r.member_id,
    r.method, r.route, r.path, r.query, r.resource, r.level,
    r.status, r.answered, r.outcome, r.error_code, r.reason,
    r.ip, r.user_agent, r.client_request_id,
    r.duration_micros, r.response_bytes, r.quota_charged, r.replayed, r.occurrences, r.completes
  FROM unnest(
    p_at, p_request_id, p_organization_id, p_store_id, p_key_id, p_key_name, p_secret_id, p_member_id,
    p_method, p_route, p_path, p_query, p_resource, p_level, p_status, p_answered, p_outcome, p_error_code, p_reason,
    p_ip, p_user_agent, p_client_request_id, p_duration_micros, p_response_bytes, p_quota_charged, p_replayed,
    p_occurrences, p_completes) WITH ORDINALITY AS r (
    at, request_id, organization_id, store_id, key_id, key_name, secret_id, member_id,
    method, route, path, query, resource, level, status, answered, outcome, error_code, reason,
    ip, user_agent, client_request_id, duration_micros, response_bytes, quota_charged, replayed,
    occurrences, completes, position);

  INSERT INTO key_activity AS a (key_id, secret_id, writer, last_used_at, last_used_ip)
  SELECT key_id, secret_id, p_writer, to_timestamp(used_at / 1000.0), used_from
  FROM unnest(p_used_key, p_used_secret, p_used_at, p_used_from) AS u (key_id, secret_id, used_at, used_from)
  ON CONFLICT (key_id, secret_id, writer) DO UPDATE
    SET last_used_at = excluded.last_used_at, last_used_ip = excluded.last_used_ip
    WHERE a.last_used_at <= excluded.last_used_at;
END $$;

-- A writer is a slot that a lane holds for as long as its session lives: numbers are used again, so that
-- key_activity stays small, and a batch number never is.
CREATE FUNCTION audit_claim_writer(OUT writer integer, OUT last_batch_no bigint)
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
  FOR n IN 1..10000 LOOP
    IF pg_try_advisory_lock(hashtext('audit_writer'), n) THEN
      writer := n;
      SELECT coalesce(max(batch_no), 0) INTO last_batch_no FROM audit_batches b WHERE b.writer = n;
      RETURN;
    END IF;
  END LOOP;
  RAISE EXCEPTION 'more than 10000 audit writers at once';
END $$;
`;

// Days in UTC. SECURITY DEFINER: the keeper may run as the server's own role.
const PARTITIONS = `
CREATE FUNCTION audit_ensure_partitions(p_from date, p_days integer)
RETURNS integer LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
  v_day date;
  v_name text;
  v_made integer := 0;
BEGIN
  -- Two keepers at once would make the same partition.
  PERFORM pg_advisory_xact_lock(hashtext('audit_ensure_partitions'));
  FOR v_day IN SELECT p_from + n FROM generate_series(0, p_days - 1) AS n LOOP
    v_name := 'request_log_' || to_char(v_day, 'YYYYMMDD');
    IF to_regclass(v_name) IS NULL THEN
      -- made first and attached then: creating it as a partition would lock the log against its writers
      EXECUTE format('CREATE TABLE %I (LIKE request_log INCLUDING DEFAULTS)', v_name);
      EXECUTE format('ALTER TABLE request_log ATTACH PARTITION %I FOR VALUES FROM (%L) TO (%L)',
        v_name, v_day::text || ' 00:00:00+00', (v_day + 1)::text || ' 00:00:00+00');
      v_made := v_made + 1;
    END IF;
  END LOOP;
  RETURN v_made;
END $$;
`;

const CHANGE_LOG = `
CREATE TABLE change_log (
  id bigint GENERATED ALWAYS AS IDENTITY,
  at timestamptz(3) NOT NULL DEFAULT clock_timestamp(),
  transaction_id xid8 NOT NULL DEFAULT pg_current_xact_id(),
  actor_type text NOT NULL,
  actor_id text NOT NULL,
  action text NOT NULL,
  entity text NOT NULL,
  entity_id text,
  organization_id uuid,
  store_id uuid,
  before jsonb,
  after jsonb,
  request_id uuid,
  reason text,
  CONSTRAINT change_log_pk PRIMARY KEY (id)
);
CREATE INDEX change_log_entity ON change_log (entity, entity_id, id);
CREATE INDEX change_log_organization ON change_log (organization_id, id);
CREATE INDEX change_log_request ON change_log (request_id) WHERE request_id IS NOT NULL;
`;

// The actor is set at the start of a transaction (gatehouse.actor, JSON). The server's connections carry
// gatehouse.require_actor: a code path that forgets the actor fails. SQL typed by hand is logged under the
// database role that typed it. Every business table has an organization_id or a store_id, so that a change row
// knows its tenant. A change of version or updated_at alone is no change of data.
const RECORD_CHANGE = `
CREATE FUNCTION record_change() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
  v_actor json := nullif(current_setting('gatehouse.actor', true), '')::json;
  v_secrets text[] := TG_ARGV[1:];
  v_before jsonb;
  v_after jsonb;
  v_row jsonb;
  v_organization uuid;
  v_store uuid;
BEGIN
  IF v_actor IS NULL THEN
    IF current_setting('gatehouse.require_actor', true) = 'on' THEN
      RAISE EXCEPTION 'ACTOR_MISSING: % of % without an actor', lower(TG_OP), TG_TABLE_NAME USING ERRCODE = 'GH001';
    END IF;
    v_actor := json_build_object('type', 'database', 'id', session_user);
  END IF;
  IF TG_OP IN ('UPDATE', 'DELETE') THEN v_before := to_jsonb(OLD) - v_secrets; END IF;
  IF TG_OP IN ('UPDATE', 'INSERT') THEN v_after := to_jsonb(NEW) - v_secrets; END IF;
  IF TG_OP = 'UPDATE' AND to_jsonb(OLD) - ARRAY['version', 'updated_at'] = to_jsonb(NEW) - ARRAY['version', 'updated_at'] THEN
    RETURN NULL;
  END IF;
  v_row := coalesce(v_after, v_before);
  v_store := CASE WHEN TG_TABLE_NAME = 'stores' THEN v_row->>'id' ELSE v_row->>'store_id' END;
  v_organization := CASE WHEN TG_TABLE_NAME = 'organizations' THEN v_row->>'id' ELSE v_row->>'organization_id' END;
  IF v_organization IS NULL AND v_store IS NOT NULL THEN
    SELECT organization_id INTO v_organization FROM stores WHERE id = v_store;
  END IF;
  INSERT INTO change_log (actor_type, actor_id, action, entity, entity_id, organization_id, store_id, before, after, request_id, reason)
  VALUES (v_actor->>'type', v_actor->>'id', lower(TG_OP), TG_ARGV[0], v_row->>'id',
    v_organization, v_store,
    v_before, v_after, (v_actor->>'requestId')::uuid, v_actor->>'reason');
  RETURN NULL;
END $$;
`;

const BUMP_VERSION = `
CREATE FUNCTION bump_version() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  NEW.version := OLD.version + 1;
  RETURN NEW;
END $$;
`;

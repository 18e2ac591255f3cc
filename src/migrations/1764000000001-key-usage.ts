import type { MigrationInterface, QueryRunner } from 'typeorm';

/** What keys have used: requests by the hour, and when each level of each resource was last needed. */
export class KeyUsage1764000000001 implements MigrationInterface {
  name = 'KeyUsage1764000000001';

  async up(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query(TABLES);
    await queryRunner.query(COUNT_USE);
    await queryRunner.query(SWEEP);
  }

  down(): Promise<void> {
    return Promise.reject(new Error('Migrations run forwards only.'));
  }
}

// Counted in the transaction that writes the log, so that they tell what the log tells. One row per writer, so
// that writers never wait for each other.
const TABLES = `
CREATE TABLE key_usage (
  key_id uuid NOT NULL,
  hour timestamptz NOT NULL,
  writer integer NOT NULL,
  organization_id uuid NOT NULL,
  store_id uuid NOT NULL,
  requests integer NOT NULL,
  charged integer NOT NULL,
  CONSTRAINT key_usage_pk PRIMARY KEY (key_id, hour, writer)
) WITH (fillfactor = 50);
CREATE INDEX key_usage_age ON key_usage USING brin (hour);

CREATE TABLE key_levels (
  key_id uuid NOT NULL,
  resource text NOT NULL,
  level text NOT NULL,
  writer integer NOT NULL,
  last_used_at timestamptz(3) NOT NULL,
  CONSTRAINT key_levels_pk PRIMARY KEY (key_id, resource, level, writer)
);
`;

// Runs as the owner and beside audit_append, in its statement: one transaction.
const COUNT_USE = `
CREATE FUNCTION audit_count_use(
  p_writer integer,
  p_key uuid[], p_hour double precision[], p_organization uuid[], p_store uuid[], p_requests integer[], p_charged integer[],
  p_level_key uuid[], p_level_resource text[], p_level text[], p_level_at double precision[])
RETURNS void LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
  INSERT INTO key_usage AS u (key_id, hour, writer, organization_id, store_id, requests, charged)
  SELECT key_id, to_timestamp(hour / 1000.0), p_writer, organization_id, store_id, requests, charged
  FROM unnest(p_key, p_hour, p_organization, p_store, p_requests, p_charged)
    AS c (key_id, hour, organization_id, store_id, requests, charged)
  ON CONFLICT (key_id, hour, writer) DO UPDATE
    SET requests = u.requests + excluded.requests, charged = u.charged + excluded.charged;

  -- mostly nothing: a writer tells of a level once an hour
  IF cardinality(p_level_key) > 0 THEN
    INSERT INTO key_levels AS l (key_id, resource, level, writer, last_used_at)
    SELECT key_id, resource, level, p_writer, to_timestamp(used_at / 1000.0)
    FROM unnest(p_level_key, p_level_resource, p_level, p_level_at) AS c (key_id, resource, level, used_at)
    ON CONFLICT (key_id, resource, level, writer) DO UPDATE
      SET last_used_at = greatest(l.last_used_at, excluded.last_used_at);
  END IF;
END $$;
`;

// As the owner: the server's role may read these tables and nothing else.
const SWEEP = `
CREATE FUNCTION audit_sweep_use(p_days integer) RETURNS integer
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
  v_before timestamptz := date_trunc('day', clock_timestamp(), 'UTC') - make_interval(days => p_days);
  v_deleted integer;
  v_levels integer;
BEGIN
  DELETE FROM key_usage WHERE ctid = ANY (ARRAY(SELECT ctid FROM key_usage WHERE hour < v_before LIMIT 5000));
  GET DIAGNOSTICS v_deleted = ROW_COUNT;
  DELETE FROM key_levels WHERE ctid = ANY (ARRAY(SELECT ctid FROM key_levels WHERE last_used_at < v_before LIMIT 5000));
  GET DIAGNOSTICS v_levels = ROW_COUNT;
  RETURN v_deleted + v_levels;
END $$;
`;

import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Events of stores, and the sums that figures are read from. */
export class Analytics1764500000001 implements MigrationInterface {
  name = 'Analytics1764500000001';

  async up(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query(EVENTS);
    await queryRunner.query(PARTITIONS);
    await queryRunner.query(ROLLUPS);
    await queryRunner.query(
      `SELECT analytics_ensure_partitions(date_trunc('month', now() AT TIME ZONE 'UTC')::date - 750, 30)`,
    );
  }

  down(): Promise<void> {
    return Promise.reject(new Error('Migrations run forwards only.'));
  }
}

// Measurements, not business data: a row is never changed, and has no row in the change log. Who sent it, the request
// log says.
const EVENTS = `
CREATE TABLE analytics_events (
  store_id uuid NOT NULL,
  id text NOT NULL,
  occurred_at timestamptz(3) NOT NULL,
  received_at timestamptz(3) NOT NULL DEFAULT now(),
  kind text NOT NULL,
  name text,
  visitor text,
  session text,
  campaign_id uuid,
  audience_id uuid,
  post_id uuid,
  channel text,
  source text,
  page text,
  product text,
  value_minor bigint,
  currency text
) PARTITION BY RANGE (occurred_at);
-- What of one kind happened when, for funnels and for what lies between two quarters of an hour.
CREATE INDEX analytics_events_by_kind ON analytics_events (store_id, kind, occurred_at);
-- What a visitor did before.
CREATE INDEX analytics_events_by_visitor ON analytics_events (store_id, visitor, occurred_at) WHERE visitor IS NOT NULL;

-- Ids that senders gave: one that comes again is the same event.
CREATE TABLE analytics_event_ids (
  store_id uuid NOT NULL,
  id text NOT NULL,
  occurred_at timestamptz(3) NOT NULL,
  CONSTRAINT analytics_event_ids_pk PRIMARY KEY (store_id, id)
);

-- Events that are in no sum yet: figures add them to the sums.
CREATE TABLE analytics_unrolled (
  store_id uuid NOT NULL,
  occurred_at timestamptz(3) NOT NULL,
  kind text NOT NULL,
  campaign_id uuid,
  audience_id uuid,
  post_id uuid,
  channel text,
  source text,
  page text,
  product text,
  value_minor bigint,
  currency text
);
CREATE INDEX analytics_unrolled_by_time ON analytics_unrolled (store_id, occurred_at);
`;

// A month each; what is outside of all of them is in the default one.
const PARTITIONS = `
CREATE TABLE analytics_events_other PARTITION OF analytics_events DEFAULT;

CREATE FUNCTION analytics_ensure_partitions(p_from date, p_months integer)
RETURNS integer LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
  v_month date;
  v_name text;
  v_made integer := 0;
BEGIN
  -- Two keepers at once would make the same partition.
  PERFORM pg_advisory_xact_lock(hashtext('analytics_ensure_partitions'));
  FOR v_month IN SELECT (date_trunc('month', p_from) + make_interval(months => n))::date
                 FROM generate_series(0, p_months - 1) AS n LOOP
    v_name := 'analytics_events_' || to_char(v_month, 'YYYYMM');
    IF to_regclass(v_name) IS NULL THEN
      EXECUTE format('CREATE TABLE %I PARTITION OF analytics_events FOR VALUES FROM (%L) TO (%L)',
        v_name, v_month::text || ' 00:00:00+00', (v_month + interval '1 month')::date::text || ' 00:00:00+00');
      v_made := v_made + 1;
    END IF;
  END LOOP;
  RETURN v_made;
END $$;
`;

// One row for each hour, day and month (UTC), dimension, value and currency in which anything happened; quarters of an
// hour, which only time zones ahead by half an hour need, of those dimensions that are told as series. A column for each
// kind, so that a figure reads one row where it would read ten.
const ROLLUPS = `
CREATE TABLE analytics_rollups (
  store_id uuid NOT NULL,
  grain text NOT NULL,
  dimension text NOT NULL,
  bucket timestamptz(3) NOT NULL,
  value text NOT NULL,
  currency text NOT NULL,
  impression bigint NOT NULL,
  click bigint NOT NULL,
  visit bigint NOT NULL,
  page_view bigint NOT NULL,
  add_to_cart bigint NOT NULL,
  checkout bigint NOT NULL,
  sign_up bigint NOT NULL,
  conversion bigint NOT NULL,
  spend bigint NOT NULL,
  custom bigint NOT NULL,
  revenue_minor bigint NOT NULL,
  spend_minor bigint NOT NULL,
  CONSTRAINT analytics_rollups_pk PRIMARY KEY (store_id, grain, dimension, bucket, value, currency),
  CONSTRAINT analytics_rollups_grain CHECK (grain IN ('quarter', 'hour', 'day', 'month'))
) WITH (fillfactor = 80);
CREATE INDEX analytics_rollups_of_value ON analytics_rollups (store_id, grain, dimension, value, bucket);
`;

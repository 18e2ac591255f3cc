import type { MigrationInterface, QueryRunner } from 'typeorm';

/** The quota ledger, the polling gate, and the function that admits. */
export class Admission1763700000003 implements MigrationInterface {
  name = 'Admission1763700000003';

  async up(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query(LEDGER);
    await queryRunner.query(ADMIT);
  }

  down(): Promise<void> {
    return Promise.reject(new Error('Migrations run forwards only.'));
  }
}

// One row per quota subject, made together with it: the organization, a sandbox store, a key with limits of
// its own. No foreign keys: a charge must not wait for anybody's lock but the subject's.
const LEDGER = `
CREATE TABLE quota_ledger (
  subject uuid NOT NULL,
  hour_start timestamptz NOT NULL DEFAULT '-infinity',
  hour_used integer NOT NULL DEFAULT 0,
  day_start timestamptz NOT NULL DEFAULT '-infinity',
  day_used integer NOT NULL DEFAULT 0,
  CONSTRAINT quota_ledger_pk PRIMARY KEY (subject)
) WITH (fillfactor = 50, autovacuum_vacuum_scale_factor = 0, autovacuum_vacuum_threshold = 2000);

CREATE TABLE polling_gate (
  key_id uuid NOT NULL,
  fingerprint uuid NOT NULL,
  at timestamptz NOT NULL,
  CONSTRAINT polling_gate_pk PRIMARY KEY (key_id, fingerprint)
) WITH (fillfactor = 70);
CREATE INDEX polling_gate_age ON polling_gate USING brin (at);

CREATE FUNCTION make_ledger_row() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  INSERT INTO quota_ledger (subject) VALUES (NEW.id) ON CONFLICT DO NOTHING;
  RETURN NULL;
END $$;
CREATE TRIGGER make_ledger_row AFTER INSERT ON organizations FOR EACH ROW EXECUTE FUNCTION make_ledger_row();
CREATE TRIGGER make_ledger_row AFTER INSERT ON stores FOR EACH ROW WHEN (NEW.kind = 'sandbox') EXECUTE FUNCTION make_ledger_row();
CREATE TRIGGER make_ledger_row AFTER INSERT OR UPDATE ON keys FOR EACH ROW
  WHEN (NEW.hour_limit IS NOT NULL OR NEW.day_limit IS NOT NULL) EXECUTE FUNCTION make_ledger_row();
`;

// VOLATILE plpgsql under READ COMMITTED: each statement inside has a fresh snapshot. After the ledger rows are
// locked nobody else can charge these subjects, so what the second statement reads is what holds; a single
// statement would decide on the snapshot it had before it waited. The clock is read after the lock for the
// same reason. See docs/decisions/0002-strict-admission.md.
const ADMIT = `
-- The gate's clock: one place, so that a test can stand at the end of a window.
CREATE FUNCTION gate_clock() RETURNS timestamptz LANGUAGE sql VOLATILE AS 'SELECT clock_timestamp()';

-- What a counter holds in the window that starts at p_window.
CREATE FUNCTION used_in_window(p_used integer, p_start timestamptz, p_window timestamptz)
RETURNS integer LANGUAGE sql IMMUTABLE AS 'SELECT CASE WHEN p_start >= p_window THEN p_used ELSE 0 END';

-- Everything a cached credential depends on, as one text; a difference in any part makes it stale.
CREATE FUNCTION version_stamp(p_key bigint, p_role bigint, p_store bigint, p_organization bigint, p_plan bigint)
RETURNS text LANGUAGE sql IMMUTABLE AS $$ SELECT concat_ws('.', p_key, p_role, p_store, p_organization, p_plan) $$;

-- p_secret, p_subject, p_stamp: the distinct credentials of this batch. p_credential, p_cost, p_fingerprint: the
-- requests in order of arrival: number of the credential, 1 or 0 (verify only), polling fingerprint or null.
-- p_clear_*: polling marks of answers that failed, cleared while they are still this request's own.
-- Answers one row per credential; verdicts has one letter per request: a admitted, s stale, p polling, q quota.
CREATE FUNCTION gate_admit(
  p_secret uuid[], p_subject uuid[], p_stamp text[],
  p_credential integer[], p_cost integer[], p_fingerprint uuid[],
  p_clear_key uuid[], p_clear_fingerprint uuid[], p_clear_at timestamptz[])
RETURNS TABLE (
  verdicts text, credential integer, at timestamptz, poll_seconds integer,
  hour_limit integer, hour_used integer, day_limit integer, day_used integer,
  polled_at timestamptz[])
LANGUAGE plpgsql VOLATILE SET plan_cache_mode = force_generic_plan AS $$
#variable_conflict use_column
DECLARE
  v_now timestamptz;
  v_hour timestamptz;
  v_day timestamptz;
  -- what holds of each credential, by its number
  v_fresh boolean[];
  v_key uuid[];
  v_subject uuid[];
  v_poll integer[];
  v_hour_limit integer[];
  v_hour_used integer[];
  v_day_limit integer[];
  v_day_used integer[];
  v_subject_left integer[];
  v_key_left integer[];
  -- what each subject is asked for
  v_asked uuid[];
  v_requests integer[];
  v_enough boolean;
  v_verdicts text;
  v_polled_at timestamptz[];
BEGIN
  -- The later synchronous commit of the request's log row flushes this one too: there is one WAL.
  PERFORM set_config('synchronous_commit', 'off', true);

  PERFORM 1 FROM quota_ledger WHERE subject = ANY (p_subject) ORDER BY subject FOR NO KEY UPDATE;
  v_now := gate_clock();
  v_hour := date_trunc('hour', v_now, 'UTC');
  v_day := date_trunc('day', v_now, 'UTC');

  IF cardinality(p_clear_key) > 0 THEN
    DELETE FROM polling_gate g
    USING unnest(p_clear_key, p_clear_fingerprint, p_clear_at) AS c (key_id, fingerprint, at)
    WHERE g.key_id = c.key_id AND g.fingerprint = c.fingerprint AND g.at = c.at;
  END IF;

  SELECT array_agg(fresh ORDER BY number), array_agg(key_id ORDER BY number), array_agg(subject ORDER BY number),
    array_agg(poll_seconds ORDER BY number),
    array_agg(hour_limit ORDER BY number), array_agg(hour_used ORDER BY number),
    array_agg(day_limit ORDER BY number), array_agg(day_used ORDER BY number),
    array_agg(least(hour_limit - hour_used, day_limit - day_used) ORDER BY number),
    array_agg(key_left ORDER BY number)
  INTO v_fresh, v_key, v_subject, v_poll, v_hour_limit, v_hour_used, v_day_limit, v_day_used, v_subject_left, v_key_left
  FROM (
    SELECT c.number, k.id AS key_id, st.quota_subject AS subject,
      coalesce(o.poll_seconds, p.poll_seconds, 0) AS poll_seconds,
      coalesce(l.subject IS NOT NULL
        AND st.quota_subject = c.subject
        AND k.revoked_at IS NULL
        AND o.status = 'active'
        AND version_stamp(k.version, r.version, st.version, o.version, p.version) = c.stamp
        AND coalesce(least(k.expires_at, s.not_after) > v_now, true), false) AS fresh,
      coalesce(o.hour_limit, p.hour_limit) AS hour_limit,
      used_in_window(l.hour_used, l.hour_start, v_hour) AS hour_used,
      coalesce(o.day_limit, p.day_limit) AS day_limit,
      used_in_window(l.day_used, l.day_start, v_day) AS day_used,
      least(
        k.hour_limit - coalesce(used_in_window(kl.hour_used, kl.hour_start, v_hour), 0),
        k.day_limit - coalesce(used_in_window(kl.day_used, kl.day_start, v_day), 0)) AS key_left
    FROM unnest(p_secret, p_subject, p_stamp) WITH ORDINALITY AS c (secret, subject, stamp, number)
    LEFT JOIN key_secrets s ON s.id = c.secret
    LEFT JOIN keys k ON k.id = s.key_id
    LEFT JOIN stores st ON st.id = k.store_id
    LEFT JOIN organizations o ON o.id = st.organization_id
    LEFT JOIN plans p ON p.id = o.plan_id
    LEFT JOIN roles r ON r.id = k.role_id
    LEFT JOIN quota_ledger l ON l.subject = st.quota_subject
    LEFT JOIN quota_ledger kl ON kl.subject = k.id
  ) AS credential;

  SELECT array_agg(subject), array_agg(requests), coalesce(bool_and(coalesce(requests <= subject_left, true)), true)
  INTO v_asked, v_requests, v_enough
  FROM (
    SELECT v_subject[q.credential] AS subject, min(v_subject_left[q.credential]) AS subject_left, sum(q.cost)::integer AS requests
    FROM unnest(p_credential, p_cost) AS q (credential, cost)
    WHERE v_fresh[q.credential]
    GROUP BY 1
  ) AS demand;

  IF v_enough AND array_remove(p_fingerprint, NULL) = '{}' AND array_remove(v_key_left, NULL) = '{}' THEN
    -- The common case: there is enough for everybody, and nothing else to ask.
    v_verdicts := CASE WHEN false = ANY (v_fresh)
      THEN (SELECT string_agg(CASE WHEN v_fresh[c] THEN 'a' ELSE 's' END, '' ORDER BY n) FROM unnest(p_credential) WITH ORDINALITY AS q (c, n))
      ELSE repeat('a', cardinality(p_credential)) END;
  ELSE
    WITH request AS (
      SELECT q.number, q.cost, q.fingerprint, v_key[q.credential] AS key_id, v_subject[q.credential] AS subject,
        v_fresh[q.credential] AS fresh, v_key_left[q.credential] AS key_left, v_subject_left[q.credential] AS subject_left,
        polled.at AS polled_at
      FROM unnest(p_credential, p_cost, p_fingerprint) WITH ORDINALITY AS q (credential, cost, fingerprint, number)
      LEFT JOIN polling_gate polled ON v_poll[q.credential] > 0
        AND polled.key_id = v_key[q.credential] AND polled.fingerprint = q.fingerprint
        AND polled.at > v_now - make_interval(secs => v_poll[q.credential])
    ), costing AS (
      -- the first of identical requests in one batch passes the polling gate, the others do not
      SELECT *, row_number() OVER (PARTITION BY key_id, fingerprint ORDER BY number) AS nth_identical
      FROM request WHERE fresh AND cost > 0 AND polled_at IS NULL
    ), polite AS (
      SELECT *, row_number() OVER (PARTITION BY key_id ORDER BY number) AS nth_of_key
      FROM costing WHERE fingerprint IS NULL OR nth_identical = 1
    ), within_key AS (
      SELECT *, row_number() OVER (PARTITION BY subject ORDER BY number) AS nth_of_subject
      FROM polite WHERE key_left IS NULL OR nth_of_key <= key_left
    ), admitted AS MATERIALIZED (
      SELECT number, key_id, fingerprint, subject, key_left
      FROM within_key WHERE subject_left IS NULL OR nth_of_subject <= subject_left
    ), mark AS (
      INSERT INTO polling_gate (key_id, fingerprint, at)
      SELECT key_id, fingerprint, v_now FROM admitted WHERE fingerprint IS NOT NULL
      ON CONFLICT (key_id, fingerprint) DO UPDATE SET at = excluded.at
    ), charged AS (
      SELECT subject, count(*)::integer AS requests FROM admitted GROUP BY subject
      UNION ALL
      SELECT key_id, count(*)::integer FROM admitted WHERE key_left IS NOT NULL GROUP BY key_id
    )
    SELECT
      string_agg(CASE
        WHEN NOT request.fresh THEN 's'
        WHEN request.cost = 0 OR admitted.number IS NOT NULL THEN 'a'
        WHEN polite.number IS NULL THEN 'p'
        ELSE 'q' END, '' ORDER BY request.number),
      array_agg(request.polled_at ORDER BY request.number),
      (SELECT array_agg(subject) FROM charged),
      (SELECT array_agg(requests) FROM charged)
    INTO v_verdicts, v_polled_at, v_asked, v_requests
    FROM request LEFT JOIN admitted USING (number) LEFT JOIN polite USING (number);
  END IF;

  UPDATE quota_ledger l SET
    hour_start = greatest(l.hour_start, v_hour),
    hour_used = used_in_window(l.hour_used, l.hour_start, v_hour) + x.requests,
    day_start = greatest(l.day_start, v_day),
    day_used = used_in_window(l.day_used, l.day_start, v_day) + x.requests
  FROM unnest(v_asked, v_requests) AS x (subject, requests)
  WHERE l.subject = x.subject AND x.requests > 0;

  RETURN QUERY
  SELECT v_verdicts, c.number::integer, v_now, v_poll[c.number],
    v_hour_limit[c.number], v_hour_used[c.number], v_day_limit[c.number], v_day_used[c.number],
    CASE WHEN c.number = 1 AND v_verdicts LIKE '%p%' THEN v_polled_at END
  FROM generate_subscripts(p_secret, 1) AS c (number) ORDER BY c.number;
END $$;
`;

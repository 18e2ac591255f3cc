import type { MigrationInterface, QueryRunner } from 'typeorm';

/** What quota tells beside its verdict: limits of a key's own, the plan that would have admitted, events on the way to a limit. */
export class QuotaTold1764100000001 implements MigrationInterface {
  name = 'QuotaTold1764100000001';

  async up(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query(IDS);
    await queryRunner.query(MARKS);
    await queryRunner.query(SMALLEST_PLAN);
    await queryRunner.query(TELL);
    await queryRunner.query(ADMIT);
  }

  down(): Promise<void> {
    return Promise.reject(new Error('Migrations run forwards only.'));
  }
}

// What src/platform/ids makes, for rows that the database writes by itself.
const IDS = `
-- UUIDv7 (RFC 9562): milliseconds, then 12 bits of what is left of them (6.2, method 3), so that ids made one after
-- the other are in that order, then random bits.
CREATE FUNCTION new_uuid_v7() RETURNS uuid LANGUAGE sql VOLATILE AS $$
  SELECT (lpad(to_hex(micros / 1000), 12, '0') || '7' || lpad(to_hex(micros % 1000 * 4096 / 1000), 3, '0')
    || substr(replace(gen_random_uuid()::text, '-', ''), 17))::uuid
  FROM (SELECT (extract(epoch FROM clock_timestamp()) * 1000000)::bigint AS micros) AS now
$$;

-- A TypeID: 128 bits as 26 letters of five bits, two zero bits before them.
CREATE FUNCTION public_id(p_prefix text, p_id uuid) RETURNS text LANGUAGE sql IMMUTABLE AS $$
  SELECT p_prefix || '_' || string_agg(
    substr('0123456789abcdefghjkmnpqrstvwxyz', 1 + substr(bits, 5 * n + 1, 5)::bit(5)::integer, 1), '' ORDER BY n)
  FROM (SELECT '00' || ('x' || replace(p_id::text, '-', ''))::bit(128)::text AS bits) AS b, generate_series(0, 25) AS n
$$;

-- As JSON.stringify writes a Date.
CREATE FUNCTION json_time(p_at timestamptz) RETURNS text LANGUAGE sql STABLE AS $$
  SELECT to_char(p_at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"')
$$;
`;

// How far a window is used, as far as that is told: 0, 80 or 100 percent. The ledger keeps what was told, so that
// it is told once in a window; where a limit was raised the mark falls back, and is told anew when it is reached.
const MARKS = `
ALTER TABLE quota_ledger
  ADD COLUMN hour_told smallint NOT NULL DEFAULT 0,
  ADD COLUMN day_told smallint NOT NULL DEFAULT 0;

CREATE FUNCTION quota_mark(p_used integer, p_limit integer) RETURNS integer LANGUAGE sql IMMUTABLE AS $$
  SELECT CASE
    WHEN p_limit IS NULL OR p_limit = 2147483647 THEN 0
    WHEN p_used >= p_limit THEN 100
    WHEN p_used::bigint * 5 >= p_limit::bigint * 4 THEN 80
    ELSE 0 END
$$;
`;

// Plans are compared by what they admit in a day at most; of equals the first by name.
const SMALLEST_PLAN = `
-- The smallest plan that admits more than an organization's own, reaches a level at least, and would admit a
-- request now: after so many in this hour and this day, and so many seconds after an identical one. The limits of
-- the organization's own stay as they are. Null where no plan would.
CREATE FUNCTION smallest_plan(
  p_organization uuid, p_hour_used integer, p_day_used integer, p_waited double precision, p_level text)
RETURNS text LANGUAGE sql STABLE AS $$
  WITH offer AS (
    SELECT p.id, p.id = o.plan_id AS own,
      coalesce(o.hour_limit, p.hour_limit, 2147483647) AS hour_limit,
      coalesce(o.day_limit, p.day_limit, 2147483647) AS day_limit,
      coalesce(o.poll_seconds, p.poll_seconds, 0) AS poll_seconds,
      array_position(ARRAY['none', 'read', 'write', 'admin'], coalesce(o.highest_level, p.highest_level)) AS level
    FROM organizations o CROSS JOIN plans p WHERE o.id = p_organization
  ), sized AS (
    SELECT *, least(day_limit::bigint, 24 * hour_limit::bigint) AS size FROM offer
  )
  SELECT candidate.id
  FROM sized candidate JOIN sized own ON own.own
  WHERE NOT candidate.own AND candidate.size >= own.size AND candidate.level >= own.level
    AND candidate.level >= array_position(ARRAY['none', 'read', 'write', 'admin'], p_level)
    AND candidate.hour_limit > p_hour_used AND candidate.day_limit > p_day_used
    AND candidate.poll_seconds <= p_waited
  ORDER BY candidate.size, candidate.id LIMIT 1
$$;
`;

// In the transaction that charges, on rows it has locked: told once, whichever process admits.
const TELL = `
-- Writes the events of windows that have reached 80 or 100 percent since they were last looked at. One element
-- per credential; the key's limits are null where it has none.
CREATE FUNCTION quota_tell(
  p_now timestamptz,
  p_subject uuid[], p_hour_limit integer[], p_day_limit integer[],
  p_key uuid[], p_key_hour_limit integer[], p_key_day_limit integer[])
RETURNS void LANGUAGE plpgsql VOLATILE AS $$
#variable_conflict use_column
DECLARE
  v_hour timestamptz := date_trunc('hour', p_now, 'UTC');
  v_day timestamptz := date_trunc('day', p_now, 'UTC');
BEGIN
  WITH limited AS (
    SELECT subject, hour_limit, day_limit
    FROM unnest(p_subject, p_hour_limit, p_day_limit) AS s (subject, hour_limit, day_limit)
    UNION
    SELECT key_id, hour_limit, day_limit
    FROM unnest(p_key, p_key_hour_limit, p_key_day_limit) AS k (key_id, hour_limit, day_limit)
  ), w AS (
    SELECT l.subject, w.name, w.used, w.quota, w.told, quota_mark(w.used, w.quota) AS mark, w.resets_at
    FROM limited
    JOIN quota_ledger l USING (subject)
    CROSS JOIN LATERAL (VALUES
      ('hour', used_in_window(l.hour_used, l.hour_start, v_hour), limited.hour_limit,
        used_in_window(l.hour_told, l.hour_start, v_hour), v_hour + interval '1 hour'),
      ('day', used_in_window(l.day_used, l.day_start, v_day), limited.day_limit,
        used_in_window(l.day_told, l.day_start, v_day), v_day + interval '1 day')
    ) AS w (name, used, quota, told, resets_at)
  ), noted AS (
    UPDATE quota_ledger l SET hour_told = m.hour, day_told = m.day
    FROM (
      SELECT subject, max(mark) FILTER (WHERE name = 'hour') AS hour, max(mark) FILTER (WHERE name = 'day') AS day
      FROM w GROUP BY subject HAVING bool_or(mark <> told)
    ) AS m
    WHERE l.subject = m.subject
  )
  INSERT INTO events (id, type, organization_id, store_id, subject_id, data, occurred_at)
  SELECT new_uuid_v7(), step.type,
    coalesce(o.id, st.organization_id, k.organization_id), coalesce(st.id, k.store_id),
    CASE
      WHEN o.id IS NOT NULL THEN public_id('org', o.id)
      WHEN st.id IS NOT NULL THEN public_id('sto', st.id)
      ELSE public_id('key', k.id) END,
    jsonb_build_object('window', w.name, 'percent', step.percent, 'limit', w.quota, 'used', w.used,
      'resetsAt', json_time(w.resets_at)),
    p_now
  FROM w
  JOIN (VALUES (80, 'quota.threshold'), (100, 'quota.exceeded')) AS step (percent, type)
    ON step.percent > w.told AND step.percent <= w.mark
  LEFT JOIN organizations o ON o.id = w.subject
  LEFT JOIN stores st ON st.id = w.subject
  LEFT JOIN keys k ON k.id = w.subject
  ORDER BY w.subject, w.name, step.percent;
END $$;
`;

// As 1763700000003 made it, and further: a key's own limits are answered, not only kept; a refusal names the plan
// that would have admitted; windows that come near their end are told of.
const ADMIT = `
-- As before, in words that PostgreSQL may write into the statement that calls it: concat_ws is not immutable.
CREATE OR REPLACE FUNCTION version_stamp(p_key bigint, p_role bigint, p_store bigint, p_organization bigint, p_plan bigint)
RETURNS text LANGUAGE sql IMMUTABLE AS $$
  SELECT p_key::text || '.' || p_role::text || '.' || p_store::text || '.' || p_organization::text || '.' || p_plan::text
$$;

DROP FUNCTION gate_admit(uuid[], uuid[], text[], integer[], integer[], uuid[], uuid[], uuid[], timestamptz[]);

-- p_secret, p_subject, p_stamp: the distinct credentials of this batch. p_credential, p_cost, p_fingerprint: the
-- requests in order of arrival: number of the credential, 1 or 0 (verify only), polling fingerprint or null.
-- p_clear_*: polling marks of answers that failed, cleared while they are still this request's own.
-- Answers one row per credential, with what was used before the batch. The first row tells of the requests too:
-- one letter each (a admitted, s stale, p polling, q quota), and for refusals when an identical request was
-- admitted and which plan would have admitted this one.
CREATE FUNCTION gate_admit(
  p_secret uuid[], p_subject uuid[], p_stamp text[],
  p_credential integer[], p_cost integer[], p_fingerprint uuid[],
  p_clear_key uuid[], p_clear_fingerprint uuid[], p_clear_at timestamptz[])
RETURNS TABLE (
  verdicts text, credential integer, at timestamptz, poll_seconds integer,
  hour_limit integer, hour_used integer, day_limit integer, day_used integer,
  key_hour_limit integer, key_hour_used integer, key_day_limit integer, key_day_used integer,
  polled_at timestamptz[], upgrades text[])
LANGUAGE plpgsql VOLATILE SET plan_cache_mode = force_generic_plan AS $$
#variable_conflict use_column
DECLARE
  v_now timestamptz;
  v_hour timestamptz;
  v_day timestamptz;
  -- what holds of each credential, by its number; key and subject are null where it is stale: not locked, not touched
  v_fresh boolean[];
  v_key uuid[];
  v_subject uuid[];
  v_organization uuid[];
  v_poll integer[];
  v_hour_limit integer[];
  v_hour_used integer[];
  v_day_limit integer[];
  v_day_used integer[];
  v_told integer[];
  v_subject_left integer[];
  v_key_hour_limit integer[];
  v_key_hour_used integer[];
  v_key_day_limit integer[];
  v_key_day_used integer[];
  v_key_left integer[];
  v_keys_limited boolean;
  -- what each subject is asked for, then what it is charged
  v_asked uuid[];
  v_requests integer[];
  v_enough boolean;
  -- some window reaches a mark that was not told
  v_near boolean;
  v_verdicts text;
  v_polled_at timestamptz[];
  v_upgrades text[];
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

  SELECT array_agg(fresh),
    array_agg(CASE WHEN fresh THEN key_id END), array_agg(CASE WHEN fresh THEN subject END),
    array_agg(organization), array_agg(poll_seconds),
    array_agg(hour_limit), array_agg(hour_used),
    array_agg(day_limit), array_agg(day_used),
    array_agg(hour_told * 1000 + day_told),
    array_agg(least(hour_limit - hour_used, day_limit - day_used)),
    array_agg(key_hour_limit), array_agg(key_hour_used),
    array_agg(key_day_limit), array_agg(key_day_used),
    array_agg(least(key_hour_limit - key_hour_used, key_day_limit - key_day_used)),
    coalesce(bool_or(key_hour_limit IS NOT NULL OR key_day_limit IS NOT NULL), false)
  INTO v_fresh, v_key, v_subject, v_organization, v_poll, v_hour_limit, v_hour_used, v_day_limit, v_day_used,
    v_told, v_subject_left, v_key_hour_limit, v_key_hour_used, v_key_day_limit, v_key_day_used, v_key_left, v_keys_limited
  FROM (
    SELECT c.number, k.id AS key_id, st.quota_subject AS subject, o.id AS organization,
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
      used_in_window(l.hour_told, l.hour_start, v_hour) AS hour_told,
      used_in_window(l.day_told, l.day_start, v_day) AS day_told,
      k.hour_limit AS key_hour_limit,
      coalesce(used_in_window(kl.hour_used, kl.hour_start, v_hour), 0) AS key_hour_used,
      k.day_limit AS key_day_limit,
      coalesce(used_in_window(kl.day_used, kl.day_start, v_day), 0) AS key_day_used
    FROM unnest(p_secret, p_subject, p_stamp) WITH ORDINALITY AS c (secret, subject, stamp, number)
    LEFT JOIN key_secrets s ON s.id = c.secret
    LEFT JOIN keys k ON k.id = s.key_id
    LEFT JOIN stores st ON st.id = k.store_id
    LEFT JOIN organizations o ON o.id = st.organization_id
    LEFT JOIN plans p ON p.id = o.plan_id
    LEFT JOIN roles r ON r.id = k.role_id
    LEFT JOIN quota_ledger l ON l.subject = st.quota_subject
    LEFT JOIN quota_ledger kl ON kl.subject = CASE WHEN k.hour_limit IS NOT NULL OR k.day_limit IS NOT NULL THEN k.id END
    -- Sorted once and not by each aggregate; a fence, so that each of these is computed once and not by each
    -- aggregate that names it. Both are felt in every call.
    ORDER BY c.number OFFSET 0
  ) AS credential;

  SELECT array_agg(subject), array_agg(requests),
    coalesce(bool_and(coalesce(requests <= v_subject_left[one], true)), true),
    coalesce(bool_or(v_told[one] <> 1000 * quota_mark(v_hour_used[one] + requests, v_hour_limit[one])
      + quota_mark(v_day_used[one] + requests, v_day_limit[one])), false)
  INTO v_asked, v_requests, v_enough, v_near
  FROM (
    -- what holds of a subject is the same in all its credentials: one of them tells it
    SELECT v_subject[q.credential] AS subject, min(q.credential) AS one, sum(q.cost)::integer AS requests
    FROM unnest(p_credential, p_cost) AS q (credential, cost)
    WHERE v_fresh[q.credential]
    GROUP BY 1
  ) AS demand;

  IF v_enough AND NOT v_keys_limited AND array_remove(p_fingerprint, NULL) = '{}' THEN
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

    IF v_verdicts ~ '[pq]' THEN
      v_upgrades := (
        WITH request AS (
          SELECT q.number, q.credential, substr(v_verdicts, q.number::integer, 1) IN ('p', 'q') AS refused,
            CASE WHEN substr(v_verdicts, q.number::integer, 1) = 'q' THEN 'infinity'
              ELSE coalesce(extract(epoch FROM v_now - v_polled_at[q.number]), 0) END::float8 AS waited
          FROM unnest(p_credential) WITH ORDINALITY AS q (credential, number)
        ), offer AS MATERIALIZED (
          -- asked once for each credential and wait; what a key's own limit refuses, no plan admits
          SELECT credential, waited, CASE WHEN coalesce(v_key_left[credential] > charged_to_key, true) THEN
            smallest_plan(v_organization[credential], v_hour_used[credential] + charged, v_day_used[credential] + charged, waited, 'none')
            END AS plan
          FROM (
            SELECT DISTINCT credential, waited,
              coalesce(v_requests[array_position(v_asked, v_subject[credential])], 0) AS charged,
              coalesce(v_requests[array_position(v_asked, v_key[credential])], 0) AS charged_to_key
            FROM request WHERE refused
          ) AS asked
        )
        SELECT array_agg(offer.plan ORDER BY request.number)
        FROM request LEFT JOIN offer ON request.refused AND offer.credential = request.credential AND offer.waited = request.waited);
    END IF;
  END IF;

  UPDATE quota_ledger l SET
    hour_start = greatest(l.hour_start, v_hour),
    hour_used = used_in_window(l.hour_used, l.hour_start, v_hour) + x.requests,
    hour_told = used_in_window(l.hour_told, l.hour_start, v_hour),
    day_start = greatest(l.day_start, v_day),
    day_used = used_in_window(l.day_used, l.day_start, v_day) + x.requests,
    day_told = used_in_window(l.day_told, l.day_start, v_day)
  FROM unnest(v_asked, v_requests) AS x (subject, requests)
  WHERE l.subject = x.subject AND x.requests > 0;

  IF v_near OR v_keys_limited THEN
    PERFORM quota_tell(v_now, v_subject, v_hour_limit, v_day_limit, v_key, v_key_hour_limit, v_key_day_limit);
  END IF;

  RETURN QUERY
  SELECT CASE WHEN c.number = 1 THEN v_verdicts END, c.number::integer, v_now, v_poll[c.number],
    v_hour_limit[c.number], v_hour_used[c.number], v_day_limit[c.number], v_day_used[c.number],
    v_key_hour_limit[c.number], v_key_hour_used[c.number], v_key_day_limit[c.number], v_key_day_used[c.number],
    CASE WHEN c.number = 1 AND v_verdicts LIKE '%p%' THEN v_polled_at END,
    CASE WHEN c.number = 1 THEN v_upgrades END
  FROM generate_subscripts(p_secret, 1) AS c (number);
END $$;
`;

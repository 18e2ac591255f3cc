import type { MigrationInterface, QueryRunner } from 'typeorm';
import { auditTable } from '../platform/database/audit-table.js';
import { CHANGE_HELD, REQUEST_HELD } from './1764200000041-retention.js';

/** What takes personal data out of the logs and leaves their evidence standing. */
export class Erasures1764200000042 implements MigrationInterface {
  name = 'Erasures1764200000042';

  async up(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query(ERASURES);
    await auditTable(queryRunner, 'audit_erasures', { entity: 'erasure' });
    await queryRunner.query(ERASE_REQUESTS);
    await queryRunner.query(ERASE_CHANGES);
  }

  down(): Promise<void> {
    return Promise.reject(new Error('Migrations run forwards only.'));
  }
}

const ERASURES = `
CREATE TABLE audit_erasures (
  id uuid NOT NULL,
  -- null: of the whole installation
  organization_id uuid,
  actor_type text NOT NULL,
  actor_id text NOT NULL,
  reason text NOT NULL,
  -- whose data: one of the three
  member_id uuid,
  key_id uuid,
  -- HMAC-SHA-256 under the master secret: the record must not keep what it erases
  address_digest bytea,
  -- rows of before this moment
  before timestamptz(3) NOT NULL,
  rows_erased bigint NOT NULL DEFAULT 0,
  changes_erased bigint NOT NULL DEFAULT 0,
  -- left as they are, because they are held; told when it is done
  rows_held bigint,
  created_at timestamptz(3) NOT NULL DEFAULT clock_timestamp(),
  done_at timestamptz(3),
  CONSTRAINT audit_erasures_pk PRIMARY KEY (id),
  CONSTRAINT audit_erasures_one CHECK (num_nonnulls(member_id, key_id, address_digest) = 1)
);
CREATE INDEX audit_erasures_organization ON audit_erasures (organization_id, created_at, id);
`;

const json = (column: string) => `coalesce(to_json(${column})::text, 'null')`;

// The canonical JSON of the personal fields, byte for byte as it was hashed. The bytes of an address stand behind
// four of its wire form.
const ERASE = `personal_commitment = CASE WHEN r.salt IS NULL THEN r.personal_commitment ELSE
      sha256(convert_to(encode(r.salt, 'hex') || '{"client_request_id":' || ${json('r.client_request_id')}
        || ',"ip":' || ${json("encode(substring(inet_send(r.ip) FROM 5), 'hex')")}
        || ',"key_name":' || ${json('r.key_name')} || ',"query":' || ${json('r.query')}
        || ',"user_agent":' || ${json('r.user_agent')} || '}', 'UTF8')) END,
    salt = NULL, ip = NULL, key_name = NULL, query = NULL, user_agent = NULL, client_request_id = NULL`;

const OF_DAY = `r.at >= p_day::timestamp AT TIME ZONE 'UTC' AND r.at < (p_day + 1)::timestamp AT TIME ZONE 'UTC'`;
const CHOSEN = `${OF_DAY} AND r.at < v.before
      AND num_nonnulls(r.ip, r.key_name, r.query, r.user_agent, r.client_request_id) > 0
      AND (v.organization_id IS NULL OR r.organization_id = v.organization_id)
      AND (v.member_id IS NULL OR r.member_id = v.member_id) AND (v.key_id IS NULL OR r.key_id = v.key_id)
      AND (v.address_digest IS NULL OR r.ip = p_ip)`;

// Runs as the owner and can do nothing else: the personal fields of what an open erasure names, in one day, become
// their commitment, which it works out itself. Purges and erasures take turns. Counted in the same transaction.
const ERASE_REQUESTS = `
CREATE FUNCTION audit_erase_requests(
  p_erasure uuid, p_ip inet, p_day date, p_holds jsonb, p_limit integer, OUT erased integer, OUT held integer)
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
  v audit_erasures;
  v_more integer;
BEGIN
  PERFORM pg_advisory_xact_lock(hashtext('audit_retention'), 0);
  SELECT * INTO v FROM audit_erasures e WHERE e.id = p_erasure AND e.done_at IS NULL;
  IF v.id IS NULL OR v.address_digest IS NOT NULL AND p_ip IS NULL THEN
    RAISE EXCEPTION 'there is no such erasure to be done' USING ERRCODE = 'GH004';
  END IF;
  UPDATE request_log r SET ${ERASE}
  WHERE ${OF_DAY} AND r.ctid = ANY (ARRAY(
    SELECT r.ctid FROM request_log r WHERE ${CHOSEN} AND NOT ${REQUEST_HELD} LIMIT p_limit));
  GET DIAGNOSTICS erased = ROW_COUNT;
  UPDATE held_requests r SET ${ERASE}
  WHERE r.ctid = ANY (ARRAY(
    SELECT r.ctid FROM held_requests r WHERE ${CHOSEN} AND NOT ${REQUEST_HELD} LIMIT p_limit - erased));
  GET DIAGNOSTICS v_more = ROW_COUNT;
  erased := erased + v_more;
  IF erased > 0 THEN
    UPDATE audit_erasures e SET rows_erased = e.rows_erased + erased WHERE e.id = p_erasure;
  END IF;
  IF erased < p_limit THEN
    SELECT count(*) INTO held FROM (
      SELECT FROM request_log r WHERE ${CHOSEN} UNION ALL SELECT FROM held_requests r WHERE ${CHOSEN}) AS left_;
  END IF;
END $$;
`;

const CHANGE_CHOSEN = `v.member_id IS NOT NULL AND c.entity = 'member' AND c.entity_id = v.member_id::text
      AND c.at < v.before AND num_nonnulls(c.before, c.after) > 0
      AND (v.organization_id IS NULL OR c.organization_id = v.organization_id)`;

// The same for the changes of a member. A change that is not sealed waits for its seal: it would be sealed as it was
// read before.
const ERASE_CHANGES = `
CREATE FUNCTION audit_erase_changes(
  p_erasure uuid, p_holds jsonb, p_limit integer, OUT erased integer, OUT held integer, OUT waiting integer)
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
  v audit_erasures;
BEGIN
  PERFORM pg_advisory_xact_lock(hashtext('audit_retention'), 0);
  SELECT * INTO v FROM audit_erasures e WHERE e.id = p_erasure AND e.done_at IS NULL;
  IF v.id IS NULL THEN
    RAISE EXCEPTION 'there is no such erasure to be done' USING ERRCODE = 'GH004';
  END IF;
  WITH chosen AS (
    SELECT c.id, sha256(convert_to(encode(s.salt, 'hex') || '{"after":' || ${json('c.after::text')}
      || ',"before":' || ${json('c.before::text')} || '}', 'UTF8')) AS commitment
    FROM change_log c JOIN change_seals s ON s.change_id = c.id
    WHERE ${CHANGE_CHOSEN} AND s.batch_no IS NOT NULL AND NOT ${CHANGE_HELD} LIMIT p_limit
  ), seals AS (
    UPDATE change_seals s SET personal_commitment = chosen.commitment, salt = NULL
    FROM chosen WHERE s.change_id = chosen.id
  )
  UPDATE change_log c SET before = NULL, after = NULL FROM chosen WHERE c.id = chosen.id;
  GET DIAGNOSTICS erased = ROW_COUNT;
  IF erased > 0 THEN
    UPDATE audit_erasures e SET changes_erased = e.changes_erased + erased WHERE e.id = p_erasure;
  END IF;
  SELECT count(*) FILTER (WHERE s.batch_no IS NOT NULL), count(*) FILTER (WHERE s.batch_no IS NULL) INTO held, waiting
  FROM change_log c JOIN change_seals s ON s.change_id = c.id WHERE ${CHANGE_CHOSEN};
END $$;
`;

import { describe, expect, it } from '@jest/globals';
import type { LogRow } from '../log-row.js';
import { addressHex, canonicalJson } from './canonical.js';
import { personalCommitment, requestCanonical, requestLeaf } from './request-leaf.js';

const ROW: LogRow = {
  at: 1_764_150_000_123,
  request_id: '019ac0de-0000-7000-8000-000000000001',
  organization_id: null,
  store_id: null,
  key_id: '019ac0de-0000-7000-8000-000000000002',
  key_name: 'Export “nightly”',
  key_preview: 'gate_live_AbCd…wXyZ',
  secret_id: null,
  member_id: null,
  role_id: null,
  role_version: 3,
  method: 'GET',
  route: '/api/v1/campaigns',
  operation: 'listCampaigns',
  path: '/api/v1/campaigns',
  query: 'limit=1',
  resource: 'content.campaigns',
  level: 'read',
  effective_level: 'write',
  status: 200,
  answered: 200,
  outcome: 'answered',
  error_code: null,
  reason: null,
  ip: '2001:db8::1',
  user_agent: 'curl/8\u2028',
  client_request_id: null,
  duration_micros: 1_204,
  response_bytes: 512,
  quota_charged: 1,
  replayed: false,
  occurrences: 1,
  completes: null,
};
const SALT = '00112233445566778899aabbccddeeff';

describe('canonical JSON', () => {
  it('has its names in order and no blanks', () => {
    expect(canonicalJson({ b: 'ä', a: 1, c: null, B: true })).toBe('{"B":true,"a":1,"b":"ä","c":null}');
  });

  it('is what a request row is hashed by, with every column but those of its place and its evidence', () => {
    const text = requestCanonical(ROW, personalCommitment(ROW, SALT));
    const record = JSON.parse(text) as Record<string, string>;
    expect(text).toBe(canonicalJson(record));
    const personal = ['client_request_id', 'ip', 'key_name', 'query', 'user_agent'];
    expect([...Object.keys(record), ...personal].sort()).toEqual([...Object.keys(ROW), 'personal'].sort());
  });
});

describe('a row’s leaf', () => {
  it.each(Object.keys(ROW))('is another one where %s is', (column) => {
    const changed = { ...ROW, [column]: column === 'ip' ? '10.0.0.1' : 'another' };
    expect(requestLeaf(changed, SALT)).not.toEqual(requestLeaf(ROW, SALT));
  });

  it('is another one under another salt, and the same for another spelling of the address', () => {
    expect(requestLeaf(ROW, SALT.replace('0', '1'))).not.toEqual(requestLeaf(ROW, SALT));
    expect(requestLeaf({ ...ROW, ip: '2001:DB8:0:0:0::1' }, SALT)).toEqual(requestLeaf(ROW, SALT));
  });
});

describe('an address', () => {
  it.each([
    ['10.0.0.255', '0a0000ff'],
    ['::', '0'.repeat(32)],
    ['::1', `${'0'.repeat(31)}1`],
    ['2001:db8::8:800:200c:417a', '20010db80000000000080800200c417a'],
    ['1:2:3:4:5:6:7:8', '00010002000300040005000600070008'],
    ['::ffff:1.2.3.4', `${'0'.repeat(20)}ffff01020304`],
    ['fe80::', `fe80${'0'.repeat(28)}`],
    [null, null],
  ])('%s is %s', (address, hex) => {
    expect(addressHex(address)).toBe(hex);
  });
});

import { describe, expect, it } from '@jest/globals';
import { conventionalAgent, conventionalId } from './conventional.js';

const CHROME =
  'Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/140.0.0.0 Safari/537.36';
const IPHONE =
  'Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/18.0 Mobile/15E148 Safari/604.1';

describe('what is kept of a user agent', () => {
  it.each([
    ['curl/8.5.0', 'curl/8.5.0'],
    ['python-requests/2.32.3', 'python-requests/2.32.3'],
    ['Gatehouse-Webhooks/1', 'Gatehouse-Webhooks/1'],
    [CHROME, CHROME],
    [IPHONE, IPHONE],
    ['shop-sync/2.4.1 (+https://shop.example/bot)', 'shop-sync/2.4.1 …'],
    ['Mozilla/5.0 (Windows NT 10.0; correct horse battery; Win64)', 'Mozilla/5.0 (Windows NT 10.0; Win64) …'],
    ['Mozilla/5.0 hunter2-hunter2', 'Mozilla/5.0 …'],
    ['Tr0ub4dor&3', '…'],
    ['canary-password-4711', '…'],
    ['', ''],
    [')(((', ''],
  ])('%s', (header, kept) => {
    expect(conventionalAgent(header)).toBe(kept);
  });
});

describe('what is kept of a caller’s own id', () => {
  it.each([
    '0198a1d5-7c3e-7f00-8a51-0242ac120002',
    'req-0198A1D57C3E7F008A510242AC120002',
    '01ARZ3NDEKTSV4RRFFQ69G5FAV',
    'req_01h455vb4pex5vsknk084sn02q',
    '4bf92f3577b34da6a3ce929d0e0e4736',
    '1541815603606036480',
  ])('%s', (header) => {
    expect(conventionalId(header)).toBe(header);
  });

  it.each(['correct horse battery', 'canary-password-4711', '12345', 'Tr0ub4dor&3', ''])(
    'not %s',
    (header) => {
      expect(conventionalId(header)).toBe('…');
    },
  );
});

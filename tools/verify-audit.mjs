#!/usr/bin/env node
// Verifies an evidence bundle of Gatehouse's logs, with nothing but Node: no package, no database, no secret.
//
//   node verify-audit.mjs <bundle.ndjson or proof.json> [--key <public key, 64 hex digits>]... [--checkpoints <file>]
//
// Exit code 0: nothing is wrong. 1: something is, each named on a line. 2: the call was wrong.
//
// What is checked, in the words of RFC 9162 (Merkle trees) and RFC 8032 (Ed25519):
//   row         leaf = SHA-256(0x00 || record); the record holds SHA-256(salt || personal), so that personal fields
//               can be erased and the leaf stands
//   batch       the root of the Merkle tree over its rows' leaves stands in its header; the header is signed, and
//               names the hash of the header before it (per writer; writer 0 is the change log)
//   log tree    its leaves are headers' hashes: each anchors all batches of its writer up to there
//   checkpoint  signs the root of the log tree at a size, and names the checkpoint before it; copies that were
//               published tell whether the log was set back or rewritten later
//   purge       a signed record says what was dropped by which policy; only that may be missing
// Whoever has the signing key can rewrite what no published checkpoint covers. Keep checkpoints elsewhere.
import { Buffer } from 'node:buffer';
import { createHash, createPublicKey, hash, verify } from 'node:crypto';
import { createReadStream, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

const ZERO = '0'.repeat(64);
const sha = (...parts) => {
  const h = createHash('sha256');
  for (const part of parts) h.update(part);
  return h.digest();
};
const hex = (text) => hash('sha256', text);
const node = (left, right) => sha(Buffer.of(1), left, right);
const leafOf = (text) => sha(Buffer.of(0), text);

function merkleRoot(leaves) {
  if (leaves.length === 0) return sha();
  let level = leaves;
  while (level.length > 1) {
    const above = [];
    for (let i = 0; i < level.length; i += 2) {
      above.push(i + 1 < level.length ? node(level[i], level[i + 1]) : level[i]);
    }
    level = above;
  }
  return level[0];
}

/** The root of a tree that grows leaf by leaf. */
class Growing {
  size = 0;
  peaks = [];
  append(leaf) {
    let top = leaf;
    for (let n = this.size; n % 2 === 1; n = (n - 1) / 2) top = node(this.peaks.pop(), top);
    this.peaks.push(top);
    this.size += 1;
  }
  root() {
    return this.peaks.length === 0 ? sha() : this.peaks.reduceRight((right, left) => node(left, right));
  }
}

/**
 * Verifies the lines of a bundle.
 * @param lines an (async) iterable of lines
 * @param options keys: trusted public keys in hex (none: the bundle's first one); published: checkpoints kept elsewhere
 * @returns {{findings: {kind, log, writer?, batchNo?, position?, message}[], summary: object}}
 */
export async function verifyBundle(lines, { keys = [], published = [] } = {}) {
  const findings = [];
  const tell = (kind, log, message, where = {}) => findings.push({ kind, log, ...where, message });
  const summary = {
    rows: 0,
    batches: 0,
    checkpoints: 0,
    notAnchored: [], // a range of batches for each writer
    notSealed: 0,
    notEvidenced: 0,
    erased: 0,
    purged: [],
  };

  // keys
  const known = new Map();
  const trusted = new Set();
  const signed = (text, signature, id) => {
    const key = known.get(id);
    if (!key || !verify(null, Buffer.from(text), key, Buffer.from(signature, 'hex'))) return 'altered';
    return trusted.has(id) ? undefined : 'untrusted';
  };
  function takeKey({ id, public_key, endorsed_by, endorsement }) {
    const bytes = Buffer.from(public_key, 'hex');
    if (hex(bytes).slice(0, 16) !== id)
      return tell('altered', 'keys', `key ${id} is not the one of this name`);
    const der = Buffer.concat([Buffer.from('302a300506032b6570032100', 'hex'), bytes]);
    const isFirst = known.size === 0;
    known.set(id, createPublicKey({ key: der, format: 'der', type: 'spki' }));
    const statement = JSON.stringify({ public_key, type: 'gatehouse/signing-key/v1' });
    const endorsed = endorsed_by && endorsement && signed(statement, endorsement, endorsed_by) === undefined;
    if (keys.length === 0 ? isFirst || endorsed : keys.includes(public_key) || endorsed) trusted.add(id);
  }

  // purges
  const purges = new Map();
  let lastPurge = ZERO;
  function takePurge({ canonical, signature, hash: stored }) {
    const purge = JSON.parse(canonical);
    const bad = hex(canonical) !== stored ? 'altered' : signed(canonical, signature, purge.signing_key);
    if (bad) return tell(bad, 'purges', `record ${purge.no} does not hold`);
    if (purge.no !== purges.size + 1 || purge.prev !== lastPurge) {
      tell('missing', 'purges', `records before ${purge.no} are not there`);
    }
    lastPurge = stored;
    purges.set(purge.no, { ...purge, counted: 0, digest: createHash('sha256') });
    summary.purged.push({ day: purge.day, log: purge.log, policy: purge.policy, rows: purge.rows });
  }
  let purgedNext = [];

  // chains and batches
  let batch; // the one whose rows come now
  let chain = { writer: -1, batchNo: 0, hash: ZERO };
  let open; // batches of this writer since the last one that is anchored
  function follow(writer, batchNo, prev) {
    const log = writer === 0 ? 'changes' : 'requests';
    if (writer !== chain.writer) {
      if (open) summary.notAnchored.push(open);
      open = undefined;
      chain = { writer, batchNo: 0, hash: ZERO };
    }
    if (batchNo > chain.batchNo + 1) {
      tell('missing', log, `batches ${chain.batchNo + 1} to ${batchNo - 1}`, {
        writer,
        batchNo: chain.batchNo + 1,
      });
    } else if (batchNo <= chain.batchNo || (prev !== undefined && prev !== chain.hash)) {
      tell('forked', log, 'it does not follow the batch before it', { writer, batchNo });
    }
    chain.batchNo = batchNo;
    open = { writer, first: open?.first ?? batchNo, last: batchNo, rows: open?.rows ?? 0 };
    summary.batches += 1;
  }
  function takeHeader({ canonical, signature, hash: stored }) {
    const header = JSON.parse(canonical);
    const { writer, batch_no: batchNo } = header;
    const log = writer === 0 ? 'changes' : 'requests';
    const bad = hex(canonical) !== stored ? 'altered' : signed(canonical, signature, header.signing_key);
    if (bad) tell(bad, log, 'the header does not hold', { writer, batchNo });
    follow(writer, batchNo, header.prev);
    chain.hash = hex(canonical);
    batch = { ...header, batchNo, log, leaves: new Map(), stored: new Map(), kept: 0, purged: 0 };
    for (const { no, writer: w, batch_no, rows } of purgedNext) {
      const purge = purges.get(no);
      if (!purge || w !== writer || batch_no !== batchNo) continue;
      purge.digest.update(`${w}:${batch_no}:${rows}\n`);
      purge.counted += rows;
      batch.purged += rows;
    }
    purgedNext = [];
  }
  function takeRow(line) {
    summary.rows += 1;
    if (open) open.rows += 1;
    const { position, leaf: stored, salt, personal, record } = JSON.parse(line);
    if (!batch) return tell('unreadable', 'requests', 'a row without a header');
    const { writer, batchNo, log } = batch;
    const named = log === 'changes' ? { changeId: record.id } : { requestId: record.request_id };
    const where = { writer, batchNo, position, ...named };
    if (position >= batch.rows || batch.leaves.has(position)) {
      return tell('added', log, 'the batch has no such row', where);
    }
    if (salt === null) summary.erased += 1;
    // What is hashed is the text as it stands: inside JSON text no quote is unescaped, so these marks are unique.
    const text = line.slice(line.indexOf(',"record":') + 10, -1);
    const personalText = line.slice(line.indexOf(',"personal":') + 12, line.indexOf(',"record":'));
    const commitment = salt === null ? personal : hex(salt + personalText);
    const leaf = leafOf(text);
    batch.leaves.set(position, leaf);
    batch.present = true;
    if (leaf.toString('hex') === stored && commitment === record.personal) return;
    batch.stored.set(position, Buffer.from(stored, 'hex'));
    tell('altered', log, 'the row is not the one that was sealed', where);
  }
  function closeBatch() {
    if (!batch) return;
    const { writer, batchNo, log, rows, root, leaves, stored, kept, purged, present } = batch;
    batch = undefined;
    if (!present && kept === 0 && purged === rows) return;
    let whole = true;
    for (let position = 0; position < rows; position += 1) {
      if (leaves.has(position)) continue;
      whole = false;
      tell('missing', log, 'a row of the batch', { writer, batchNo, position });
    }
    if (kept > purged)
      tell('missing', log, `${kept} rows are gone, ${purged} by policy`, { writer, batchNo });
    if (!whole) return;
    const inOrder = Array.from({ length: rows }, (_, i) => leaves.get(i));
    const is = (candidate) => merkleRoot(candidate).toString('hex') === root;
    if (is(inOrder) || (stored.size > 0 && is(inOrder.map((leaf, i) => stored.get(i) ?? leaf)))) return;
    const pair = swapped(inOrder, is);
    if (!pair) return tell('altered', log, 'rows and their leaves, or their order', { writer, batchNo });
    for (const position of pair)
      tell('reordered', log, 'in another row’s place', { writer, batchNo, position });
  }
  function swapped(leaves, is) {
    if (leaves.length > 256) return undefined;
    for (let a = 0; a < leaves.length; a += 1) {
      for (let b = a + 1; b < leaves.length; b += 1) {
        if (leaves[a].equals(leaves[b])) continue;
        const tried = [...leaves];
        [tried[a], tried[b]] = [leaves[b], leaves[a]];
        if (is(tried)) return [a, b];
      }
    }
    return undefined;
  }

  // log tree and checkpoints
  const entries = new Map();
  const tree = new Growing();
  const checkpoints = [];
  let size = 0;
  let entryEnd = 0;
  function takeEntry({ seq, writer, batch_no: batchNo, header_hash }) {
    const log = writer === 0 ? 'changes' : 'requests';
    if (entries.has(seq)) return tell('added', 'checkpoints', `a second entry ${seq} of the log tree`);
    entries.set(seq, leafOf(header_hash));
    entryEnd = Math.max(entryEnd, seq + 1);
    if (batch?.writer !== writer || batch.batchNo !== batchNo) {
      return tell('missing', log, 'the log tree has this batch, the log does not', { writer, batchNo });
    }
    if (chain.hash !== header_hash)
      tell('forked', log, 'the log tree has another header', { writer, batchNo });
    open = undefined;
  }
  function takeCheckpoint({ canonical, signature, hash: stored }) {
    const point = JSON.parse(canonical);
    const bad = hex(canonical) !== stored ? 'altered' : signed(canonical, signature, point.signing_key);
    if (bad) tell(bad, 'checkpoints', `checkpoint ${point.no} does not hold`);
    if (point.no !== checkpoints.length + 1) tell('missing', 'checkpoints', `those before ${point.no}`);
    else if (point.prev !== (checkpoints.at(-1) ?? ZERO)) tell('forked', 'checkpoints', `at ${point.no}`);
    while (tree.size < point.log_size && entries.has(tree.size)) tree.append(entries.get(tree.size));
    if (tree.size !== point.log_size) tell('missing', 'checkpoints', `entries that ${point.no} covers`);
    else if (tree.root().toString('hex') !== point.root)
      tell('altered', 'checkpoints', `the root of ${point.no}`);
    checkpoints[point.no - 1] = hex(canonical);
    size = point.log_size;
    summary.checkpoint = {
      no: point.no,
      root: point.root,
      sealedAt: new Date(point.sealed_at).toISOString(),
    };
  }
  function comparePublished({ canonical, signature }) {
    const point = JSON.parse(canonical);
    if (signed(canonical, signature, point.signing_key) === 'altered') {
      return tell('unreadable', 'checkpoints', 'a published one is not signed as it says');
    }
    const own = checkpoints[point.no - 1];
    if (own === undefined)
      tell('missing', 'checkpoints', `${point.no} was published; the log ends before it`);
    else if (own !== hex(canonical))
      tell('forked', 'checkpoints', `${point.no} was published as another one`);
  }

  let count = 0;
  let ended = false;
  const take = (line) => {
    if (line.startsWith('{"type":"row"')) return takeRow(line);
    const read = JSON.parse(line);
    if (!['tree', 'leaf', 'purged'].includes(read.type)) closeBatch();
    if (read.type === 'key') takeKey(read);
    else if (read.type === 'purge') takePurge(read);
    else if (read.type === 'purged') purgedNext.push(read);
    else if (read.type === 'header') takeHeader(read);
    else if (read.type === 'old') {
      follow(read.writer, read.batch_no);
      chain.hash = ZERO;
      summary.notEvidenced += read.rows;
    } else if (read.type === 'leaf') {
      if (!batch || batch.leaves.has(read.position)) return;
      batch.leaves.set(read.position, Buffer.from(read.leaf, 'hex'));
      batch.kept += 1;
    } else if (read.type === 'tree') takeEntry(read);
    else if (read.type === 'checkpoint') takeCheckpoint(read);
    else if (read.type === 'added') {
      const named = read.log === 'changes' ? { changeId: read.id } : { requestId: read.id };
      tell('added', read.log, 'a row that belongs to no batch', named);
    } else if (read.type === 'unsealed' && read.present) summary.notSealed += 1;
    else if (read.type === 'unsealed')
      tell('missing', 'changes', 'a change, before it was sealed', { changeId: read.change_id });
    else if (read.type === 'end') ended = read.lines === count;
  };
  for await (const line of lines) {
    count += 1;
    try {
      take(line);
    } catch {
      tell('unreadable', 'requests', `line ${count}`);
    }
  }
  closeBatch();
  if (open) summary.notAnchored.push(open);
  summary.checkpoints = checkpoints.length;
  if (!ended) tell('missing', 'requests', 'the end of the bundle');
  if (entries.size < entryEnd) tell('missing', 'checkpoints', 'entries of the log tree');
  if (entryEnd > size) tell('added', 'checkpoints', 'entries that no checkpoint covers');
  for (const { no, counted, rows, digest, batches_digest } of purges.values()) {
    if (counted !== rows || digest.digest('hex') !== batches_digest) {
      tell('altered', 'purges', `what purge ${no} took is not what its record says`);
    }
  }
  for (const line of published) comparePublished(line);
  return { findings, summary };
}

/** The root that a leaf and its siblings lead to (RFC 9162, 2.1.3.2). */
function rootFrom(leaf, index, size, path) {
  let [at, last, root] = [index, size - 1, leaf];
  for (const sibling of path.map((digits) => Buffer.from(digits, 'hex'))) {
    if (last === 0) return undefined;
    if (at % 2 === 1 || at === last) {
      root = node(sibling, root);
      for (; at % 2 === 0 && at > 0; last = Math.floor(last / 2)) at /= 2;
    } else root = node(root, sibling);
    [at, last] = [Math.floor(at / 2), Math.floor(last / 2)];
  }
  return last === 0 && index < size ? root.toString('hex') : undefined;
}

/**
 * Verifies the proof of one row, as `GET /audit/requests/{id}/proof` answers it.
 * @returns {{faults: string[], record?: object, checkpoint?: object}} nothing is proven without a checkpoint
 */
export function verifyProof(
  { type, row, batch, chain, anchor, keys: all },
  { keys = [], published = [] } = {},
) {
  const faults = [];
  const is = (holds, fault) => holds || faults.push(fault);
  const trusted = new Map();
  const signed = ({ canonical, signature }, kind) => {
    const statement = JSON.parse(canonical);
    const key = trusted.get(statement.signing_key);
    const holds = key && verify(null, Buffer.from(canonical), key, Buffer.from(signature, 'hex'));
    is(holds && statement.type === kind, `${kind} is not signed by a trusted key`);
    return statement;
  };
  for (const { id, publicKey, endorsedBy, endorsement } of all) {
    const bytes = Buffer.from(publicKey, 'hex');
    is(hex(bytes).slice(0, 16) === id, `key ${id} is not the one of this name`);
    const der = Buffer.concat([Buffer.from('302a300506032b6570032100', 'hex'), bytes]);
    const statement = Buffer.from(
      JSON.stringify({ public_key: publicKey, type: 'gatehouse/signing-key/v1' }),
    );
    const by = trusted.get(endorsedBy);
    const endorsed = by && verify(null, statement, by, Buffer.from(endorsement ?? '', 'hex'));
    const named = keys.length === 0 ? id === all[0].id : keys.includes(publicKey);
    if (named || endorsed) trusted.set(id, createPublicKey({ key: der, format: 'der', type: 'spki' }));
  }
  is(type === 'gatehouse/proof/v1' && row && batch && anchor, 'it does not reach a checkpoint');
  if (!row || !batch || !anchor) return { faults };
  const record = JSON.parse(row.record);
  is(
    record.personal === (row.salt === null ? row.personal : hex(row.salt + row.personal)),
    'personal fields',
  );
  const header = signed(batch.header, 'gatehouse/batch/v1');
  const root = rootFrom(leafOf(row.record), row.position, header.rows, batch.path);
  is(root === header.root, 'the row is not in the batch');
  let [last, number] = [hex(batch.header.canonical), header.batch_no];
  for (const canonical of chain) {
    const { writer, batch_no, prev } = JSON.parse(canonical);
    number += 1;
    is(writer === header.writer && batch_no === number && prev === last, `the chain breaks at ${number}`);
    last = hex(canonical);
  }
  const checkpoint = signed(anchor.checkpoint, 'gatehouse/checkpoint/v1');
  const treeRoot = rootFrom(leafOf(last), anchor.seq, checkpoint.log_size, anchor.path);
  is(treeRoot === checkpoint.root, 'the batch is not in the log tree of the checkpoint');
  for (const { canonical } of published) {
    if (JSON.parse(canonical).no !== checkpoint.no) continue;
    is(canonical === anchor.checkpoint.canonical, `checkpoint ${checkpoint.no} was published as another one`);
  }
  return { faults, record, checkpoint };
}

/** The proof in a file, on one line or on many; undefined where the file is a bundle. */
async function proofIn(file) {
  for await (const line of linesOf(file)) {
    return /^\{($|"type":"gatehouse\/proof\/)/.test(line)
      ? JSON.parse(readFileSync(file, 'utf8'))
      : undefined;
  }
  return undefined;
}

/** A line ends at a line feed alone: texts may hold other line breaks. */
async function* linesOf(file) {
  let rest = '';
  for await (const chunk of createReadStream(file, 'utf8')) {
    const lines = (rest + chunk).split('\n');
    rest = lines.pop() ?? '';
    yield* lines;
  }
  if (rest) yield rest;
}

async function main(args) {
  const keys = [];
  let file;
  let published = [];
  for (let i = 0; i < args.length; i += 1) {
    if (args[i] === '--key') keys.push(args[(i += 1)] ?? '');
    else if (args[i] === '--checkpoints') {
      const text = readFileSync(args[(i += 1)] ?? '', 'utf8');
      published = text
        .split('\n')
        .filter(Boolean)
        .map((line) => JSON.parse(line));
    } else file ??= args[i];
  }
  if (!file || keys.some((key) => !/^[0-9a-f]{64}$/.test(key))) {
    console.error(
      'Usage: node verify-audit.mjs <bundle or proof> [--key <64 hex digits>]... [--checkpoints <file>]',
    );
    return 2;
  }
  const proof = await proofIn(file);
  if (proof) {
    const { faults, ...told } = verifyProof(proof, { keys, published });
    for (const fault of faults) console.log(`NOT PROVEN: ${fault}`);
    console.log(JSON.stringify(told, null, 2));
    if (keys.length === 0) console.log('No key was named: the first one in the proof was trusted.');
    console.log(faults.length === 0 ? 'Proven.' : 'NOT PROVEN.');
    return faults.length === 0 ? 0 : 1;
  }
  const { findings, summary } = await verifyBundle(linesOf(file), { keys, published });
  for (const { kind, log, message, ...where } of findings) {
    console.log(`${kind.toUpperCase()} ${log} ${JSON.stringify(where)}: ${message}`);
  }
  console.log(JSON.stringify(summary, null, 2));
  if (keys.length === 0) console.log('No key was named: the first one in the bundle was trusted.');
  console.log(findings.length === 0 ? 'Intact.' : `NOT INTACT: ${findings.length} findings.`);
  return findings.length === 0 ? 0 : 1;
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  process.exitCode = await main(process.argv.slice(2)).catch((error) => {
    console.error(error.message);
    return 2;
  });
}

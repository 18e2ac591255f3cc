import { Injectable } from '@nestjs/common';
import { Database } from '../../platform/database/index.js';
import { AppError, NotFound } from '../../platform/errors/index.js';
import { toPublicId } from '../../platform/ids/index.js';
import { inclusionProof } from '../evidence/merkle.js';
import { MOST_HEADERS, type Proof, PROOF_TYPE } from '../evidence/proof.js';
import { type BoundedQuery, boundedRead } from '../search/bounded-read.js';
import { changeIdOf, changeNumberOf } from '../search/change-id.js';
import { anchorOf, entryFor } from './proof-anchor.js';
import { readHeaders, type StoredHeader } from './proof-headers.js';
import { batchLeaves, changeRow, type LoggedRow, requestRow } from './proof-rows.js';
import { signingKeys } from './stored-keys.js';

/** Whether whoever asks may see a row. */
export type Sees = (row: { readonly organization_id: string | null }) => boolean;

export interface ProofOptions {
  /** Of a request: 0 for its own row, 1, 2 … for those that close it. */
  readonly row?: number;
  /** The checkpoint that it is proved against; the first that covers it, where none is named. */
  readonly checkpoint?: number;
}

type Part = Pick<Proof, 'state' | 'batch' | 'chain' | 'anchor'>;

const NOTHING = { batch: null, chain: [], anchor: null };

/** Proves single rows of the logs: what somebody needs who has the public keys and nothing else. */
@Injectable()
export class Prover {
  constructor(private readonly database: Database) {}

  /**
   * @param id UUID
   * @throws NotFound; InvalidInput for a checkpoint that does not cover it; PROOF_TOO_LONG
   */
  proveRequest(id: string, sees: Sees, { row = 0, checkpoint }: ProofOptions = {}): Promise<Proof> {
    return this.prove(
      'requests',
      toPublicId('request', id),
      (query) => requestRow(query, id, row),
      sees,
      checkpoint,
    );
  }

  /** The same of a change: the UUID inside its public id. @throws the same */
  async proveChange(id: string, sees: Sees, { checkpoint }: ProofOptions = {}): Promise<Proof> {
    const number = changeNumberOf(id);
    if (number === undefined) throw new NotFound();
    return this.prove('changes', changeIdOf(number), (query) => changeRow(query, number), sees, checkpoint);
  }

  private prove(
    log: Proof['log'],
    id: string,
    find: (query: BoundedQuery) => Promise<LoggedRow | undefined>,
    sees: Sees,
    checkpoint: number | undefined,
  ): Promise<Proof> {
    return boundedRead(this.database, async (query) => {
      const row = await find(query);
      if (!row || !sees({ organization_id: row.organizationId })) throw new NotFound();
      const part = await this.partOf(query, row, checkpoint);
      const keys = await signingKeys(this.database);
      return {
        type: PROOF_TYPE,
        id,
        log,
        ...part,
        row: row.evidence && {
          position: row.evidence.position,
          salt: row.evidence.salt,
          personal: row.evidence.personal,
          record: row.evidence.record,
        },
        keys: keys.reverse().map((key) => ({
          id: key.id,
          publicKey: key.public_key.toString('hex'),
          endorsedBy: key.endorsed_by,
          endorsement: key.endorsement?.toString('hex') ?? null,
        })),
      };
    });
  }

  private async partOf(
    query: BoundedQuery,
    { place, evidence }: LoggedRow,
    checkpoint: number | undefined,
  ): Promise<Part> {
    if (!place) return { state: 'unsealed', ...NOTHING };
    if (!evidence) return { state: 'unevidenced', ...NOTHING };
    const { writer, batch_no: batchNo } = place;
    const entry = await entryFor(query, writer, batchNo);
    const lastNo = entry?.batchNo ?? batchNo;
    if (lastNo - batchNo > MOST_HEADERS) throw new ProofTooLong(lastNo - batchNo);
    const headers = await readHeaders(query, writer, batchNo, lastNo);
    const [own, ...chain] = headers;
    if (!own || headers.length !== lastNo - batchNo + 1) return { state: 'broken', ...NOTHING };
    const batch = await batchOf(query, own, evidence.position);
    if (!batch) return { state: 'broken', ...NOTHING };
    if (!entry) return { state: 'sealed', ...NOTHING, batch };
    return {
      state: 'anchored',
      batch,
      chain: chain.map(({ canonical }) => canonical),
      anchor: await anchorOf(query, entry, checkpoint),
    };
  }
}

async function batchOf(query: BoundedQuery, header: StoredHeader, position: number): Promise<Proof['batch']> {
  const leaves = await batchLeaves(query, header, header.rows, header.committedAt);
  if (leaves.length !== header.rows) return null;
  return {
    header: { canonical: header.canonical, signature: header.signature },
    path: inclusionProof(leaves, position).map((hash) => hash.toString('hex')),
  };
}

/** 409: more headers than a proof takes. */
class ProofTooLong extends AppError {
  constructor(headers: number) {
    super(
      'PROOF_TOO_LONG',
      `${headers} batches lie between this row and the log tree’s next entry; a proof takes ${MOST_HEADERS} at most.`,
      { details: { headers, most: MOST_HEADERS } },
    );
  }
}

import { createHash } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import { MasterSecrets } from '../crypto/index.js';
import { Database, type Transaction } from '../database/index.js';
import { AppError, InvalidInput } from '../errors/index.js';
import type { RequestContext } from '../http/index.js';
import { IdempotencyReply } from './idempotency-reply.entity.js';

const KEPT_HOURS = 24;

export interface BusinessTransactionOptions<T> {
  /** Why, in the actor's words; kept with every change row. */
  reason?: string;
  /**
   * For an answer that may hold a secret: the public id of what the secret belongs to, null where it holds none this
   * time. An answer with a secret is not kept.
   */
  secretOf?: (result: T) => string | null;
  /** A lock that all changes of this kind take before anything else, the second look at the actor included. */
  first?: (tx: Transaction) => Promise<void>;
}

/**
 * The transaction in which a request changes business data: knows its actor, re-checks it where the route
 * asks for that, and keeps the answer for the request's Idempotency-Key (draft-ietf-httpapi-idempotency-key).
 */
@Injectable()
export class BusinessTransactions {
  constructor(
    private readonly database: Database,
    private readonly secrets: MasterSecrets,
  ) {}

  /**
   * Runs `work` and answers its result, which is the body of the answer; on a replay, answers the first
   * result again and does not run it.
   * @throws IDEMPOTENCY_MISMATCH, IDEMPOTENCY_IN_FLIGHT, SECRET_ALREADY_SHOWN; whatever `work` throws
   */
  async run<T>(
    context: RequestContext,
    work: (tx: Transaction) => Promise<T>,
    options: BusinessTransactionOptions<T> = {},
  ): Promise<T> {
    const idempotencyKey = context.route?.idempotent ? readIdempotencyKey(context) : undefined;
    return this.database.write(
      { actor: context.actor, requestId: context.uuid, reason: options.reason },
      async (tx) => {
        // Before everything that may wait, so that a second request of the same key hears so at once.
        if (idempotencyKey !== undefined) await claim(tx, context.authenticated.id, idempotencyKey);
        await options.first?.(tx);
        await context.recheckActor?.(tx);
        if (idempotencyKey === undefined) return work(tx);

        const digests = this.digestsOf(context);
        const kept = await findReply(tx, context.authenticated.id, idempotencyKey);
        if (kept) return replay<T>(context, kept, digests);

        const result = await work(tx);
        const secretOf = options.secretOf?.(result) ?? null;
        await tx.upsert(
          IdempotencyReply,
          {
            principalId: context.authenticated.id,
            idempotencyKey,
            requestDigest: digests[0],
            status: context.response.statusCode,
            body: secretOf === null ? (result as object) : null,
            secretOf,
            expiresAt: new Date(Date.now() + KEPT_HOURS * 3_600_000),
          },
          ['principalId', 'idempotencyKey'],
        );
        return result;
      },
    );
  }

  /**
   * Whether `run` would answer the first answer again: then a request need not prove anew what it proved the first
   * time, such as a password that is another one by now.
   */
  async isReplay(context: RequestContext): Promise<boolean> {
    const idempotencyKey = readIdempotencyKey(context);
    if (idempotencyKey === undefined) return false;
    const kept = await findReply(this.database.manager, context.authenticated.id, idempotencyKey);
    return kept !== undefined;
  }

  /**
   * The method, the target and the body as it was understood: another payload under the same key is a mistake.
   * Under a key of ours, the current one first: a body may hold a password, and a bare hash could be guessed at.
   */
  private digestsOf(context: RequestContext): Buffer[] {
    const body = JSON.stringify(context.request.body ?? null);
    return this.secrets.digests(
      'request-digest',
      `${context.method} ${context.request.originalUrl}\n${body}`,
    );
  }
}

/** Its digest: it is the caller's own text, and nobody keeps callers from putting a secret there. */
function readIdempotencyKey(context: RequestContext): string | undefined {
  const value = context.request.headers['idempotency-key'];
  if (value === undefined) return undefined;
  if (typeof value !== 'string' || !/^[\x21-\x7e]{1,255}$/.test(value)) {
    throw new InvalidInput([
      { field: 'Idempotency-Key', reason: 'must be 1 to 255 printable ASCII characters' },
    ]);
  }
  return createHash('sha256').update(value).digest('base64url');
}

/** One request per key at a time: an advisory lock, so that a second one hears so instead of waiting. */
async function claim(tx: Transaction, principalId: string, idempotencyKey: string): Promise<void> {
  const [row] = await tx.query<{ claimed: boolean }[]>(
    'SELECT pg_try_advisory_xact_lock(hashtextextended($1, 0)) AS claimed',
    [`idempotency/${principalId}/${idempotencyKey}`],
  );
  if (!row?.claimed) {
    throw new AppError('IDEMPOTENCY_IN_FLIGHT', 'A request with this Idempotency-Key is still running.', {
      headers: { 'Retry-After': '1' },
    });
  }
}

async function findReply(
  tx: Transaction,
  principalId: string,
  idempotencyKey: string,
): Promise<IdempotencyReply | undefined> {
  const kept = await tx
    .createQueryBuilder(IdempotencyReply, 'reply')
    .where('reply.principal_id = :principalId AND reply.idempotency_key = :idempotencyKey', {
      principalId,
      idempotencyKey,
    })
    .andWhere('reply.expires_at > now()')
    .getOne();
  return kept ?? undefined;
}

function replay<T>(context: RequestContext, kept: IdempotencyReply, digests: readonly Buffer[]): T {
  if (!digests.some((digest) => digest.equals(kept.requestDigest))) {
    throw new AppError('IDEMPOTENCY_MISMATCH', 'This Idempotency-Key was used for another request.');
  }
  context.replayed = true;
  if (kept.secretOf !== null) {
    throw new AppError('SECRET_ALREADY_SHOWN', 'The first answer held a secret, which is shown once.', {
      details: { id: kept.secretOf },
    });
  }
  context.setHeader('Idempotency-Replayed', 'true');
  context.response.status(kept.status);
  return kept.body as T;
}

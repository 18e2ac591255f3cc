import { Inject, Injectable } from '@nestjs/common';
import { CONFIG, type Config } from '../../platform/config/index.js';
import { type Actor, Database, takeTurn, type Transaction } from '../../platform/database/index.js';
import { Conflict, NotFound } from '../../platform/errors/index.js';
import { assertMatches, etagOf } from '../../platform/http/etag.js';
import type { RequestContext } from '../../platform/http/index.js';
import { Lists, type Page } from '../../platform/http/lists/index.js';
import { newUuid } from '../../platform/ids/index.js';
import { ObjectStorage } from '../../platform/storage/index.js';
import { BusinessTransactions } from '../../platform/writes/index.js';
import { artefactName } from './artefact.js';
import { AuditExport, AuditExportRun } from './audit-export.entities.js';
import { ExportJob } from './export-job.js';
import type { ManifestDocument } from './export-manifest.js';
import type { CreateAuditExportInput, ListAuditExportsQuery } from './export.input.js';
import { type AuditExportResponse, presentExport } from './export.response.js';
import { currentBound } from './log-bound.js';
import { exportScope } from './export-scope.js';
import { ManifestSigner } from './sign-manifest.js';

/** Exports of an organization that are not done yet, at most. */
const MOST_UNFINISHED = 5;
/** Told at the command line. */
const MOST_LISTED = 100;
const DAY_MS = 86_400_000;

export interface FinishedExport {
  readonly order: AuditExport;
  readonly run: AuditExportRun & { readonly runId: string; readonly sha256: string };
}

/** The exports of one organization at a time. */
@Injectable()
export class ExportsService {
  constructor(
    private readonly database: Database,
    private readonly transactions: BusinessTransactions,
    private readonly lists: Lists,
    private readonly storage: ObjectStorage,
    private readonly job: ExportJob,
    private readonly signer: ManifestSigner,
    @Inject(CONFIG) private readonly config: Config,
  ) {}

  /** @throws InvalidInput for a cursor that is not this list's */
  list(organizationId: string, query: ListAuditExportsQuery): Promise<Page<AuditExportResponse>> {
    const builder = selected(this.database.manager, organizationId);
    if (query.status !== undefined) builder.andWhere('run.status = :status', { status: query.status });
    if (query.log !== undefined) builder.andWhere('export.log = :log', { log: query.log });
    const present = (order: AuditExport) => presentExport(order, runOf(order));
    return this.lists.page(query, { name: `audit-exports/${organizationId}`, builder, present });
  }

  /** @throws NotFound */
  async get(organizationId: string, id: string): Promise<AuditExportResponse> {
    const order = await this.find(organizationId, id);
    return presentExport(order, runOf(order));
  }

  /**
   * Takes the order, and with it the bound of its rows.
   * @throws InvalidInput, Conflict where many are under way; what BusinessTransactions throws for its Idempotency-Key
   */
  create(context: RequestContext, input: CreateAuditExportInput): Promise<AuditExportResponse> {
    const { log, format, filters = {} } = input;
    const { organizationId, kind, id: actorId } = context.authenticated;
    const { organizationId: ofOrganizationId } = exportScope(context.authenticated, log, filters);
    return this.transactions.run(context, async (tx) => {
      await assertRoom(tx, organizationId);
      const bound = await currentBound(tx);
      const createdAt = new Date(bound.at);
      const order = tx.create(AuditExport, {
        ...{ id: newUuid(), organizationId, ofOrganizationId, actorType: kind, actorId },
        ...{ log, format, filters, bound, createdAt },
      });
      const run = tx.create(AuditExportRun, {
        ...{
          exportId: order.id,
          status: 'queued',
          runId: null,
          position: null,
          rowsDone: 0,
          rowsEstimated: null,
        },
        ...{ bytes: 0, failures: 0, error: null, sha256: null, manifest: null, signature: null },
        ...{ startedAt: null, finishedAt: null },
        expiresAt: new Date(bound.at + this.config.auditExportKeepDays * DAY_MS),
      });
      await tx.insert(AuditExport, order);
      await tx.insert(AuditExportRun, run);
      await this.job.enqueue(tx, order.id);
      return presentExport(order, run);
    });
  }

  /** Ends an export that is under way, and removes it with its file. @throws NotFound, PreconditionFailed */
  async delete(context: RequestContext, id: string): Promise<void> {
    const { organizationId } = context.authenticated;
    const runId = await this.transactions.run(context, async (tx) => {
      const order = await tx.findOne(AuditExport, {
        where: { id, organizationId },
        lock: { mode: 'pessimistic_write' },
      });
      if (!order) throw new NotFound();
      const run = await tx.findOneByOrFail(AuditExportRun, { exportId: id });
      assertMatches(context.ifMatch, etagOf(presentExport(order, run)));
      await tx.delete(AuditExport, { id });
      return run.runId;
    });
    if (runId !== null) await this.storage.remove(artefactName(id, runId));
  }

  /** For whoever runs the installation: the newest of an organization. */
  async newest(organizationId: string): Promise<AuditExportResponse[]> {
    const orders = await selected(this.database.manager, organizationId)
      .orderBy('export.createdAt', 'DESC')
      .addOrderBy('export.id', 'DESC')
      .limit(MOST_LISTED)
      .getMany();
    return orders.map((order) => presentExport(order, runOf(order)));
  }

  /** The same: removes one, whosever it is. @returns whether there was one */
  async remove(actor: Actor, id: string): Promise<boolean> {
    const run = await this.database.manager.findOneBy(AuditExportRun, { exportId: id });
    if (!run) return false;
    await this.database.write({ actor }, (tx) => tx.delete(AuditExport, { id }));
    if (run.runId !== null) await this.storage.remove(artefactName(id, run.runId));
    return true;
  }

  /** One that can be downloaded. @throws NotFound, Conflict while it is not done */
  async finished(organizationId: string, id: string): Promise<FinishedExport> {
    const order = await this.find(organizationId, id);
    const run = runOf(order);
    if (run.status !== 'done' || run.runId === null || run.sha256 === null) {
      throw new Conflict(`The export is not done: it is ${run.status}.`, { status: run.status });
    }
    return { order, run: Object.assign(run, { runId: run.runId, sha256: run.sha256 }) };
  }

  /** @throws NotFound, Conflict while it is not done */
  async manifest(organizationId: string, id: string): Promise<ManifestDocument> {
    const { run } = await this.finished(organizationId, id);
    if (run.manifest === null || run.signature === null)
      throw new Error('A finished export has no manifest.');
    return this.signer.document({ canonical: run.manifest, signature: run.signature });
  }

  private async find(organizationId: string, id: string): Promise<AuditExport> {
    const order = await selected(this.database.manager, organizationId)
      .andWhere('export.id = :id', { id })
      .getOne();
    if (!order) throw new NotFound();
    return order;
  }
}

function selected(tx: Transaction, organizationId: string) {
  return tx
    .createQueryBuilder(AuditExport, 'export')
    .innerJoinAndMapOne('export.run', AuditExportRun, 'run', 'run.exportId = export.id')
    .where('export.organizationId = :organizationId', { organizationId });
}

function runOf(order: AuditExport): AuditExportRun {
  if (!order.run) throw new Error('The export was selected without its run.');
  return order.run;
}

/** Those of one organization that come at once are counted one after the other. @throws Conflict */
async function assertRoom(tx: Transaction, organizationId: string): Promise<void> {
  await takeTurn(tx, `audit-exports/${organizationId}`);
  const unfinished = await selected(tx, organizationId)
    .andWhere(`run.status IN ('queued', 'running')`)
    .getCount();
  if (unfinished >= MOST_UNFINISHED) {
    throw new Conflict(`At most ${MOST_UNFINISHED} exports are under way at a time.`, { unfinished });
  }
}

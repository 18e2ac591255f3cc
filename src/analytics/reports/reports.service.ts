import { randomBytes } from 'node:crypto';
import { Inject, Injectable, type OnModuleInit } from '@nestjs/common';
import { CONFIG, type Config } from '../../platform/config/index.js';
import { BoxHolder, MasterSecrets, SecretBox, SecretHolders } from '../../platform/crypto/index.js';
import { databaseClock, type Transaction } from '../../platform/database/index.js';
import { InvalidInput } from '../../platform/errors/index.js';
import type { RequestContext, StoreScope } from '../../platform/http/index.js';
import type { Page } from '../../platform/http/lists/index.js';
import { newUuid } from '../../platform/ids/index.js';
import { Mailer } from '../../platform/mail/index.js';
import { assertTarget, secretText } from '../../platform/outbound/index.js';
import { type ContentOf, matching } from '../../platform/records/index.js';
import { BusinessTransactions } from '../../platform/writes/index.js';
import type { AnalyticsRun } from '../runs/run.entity.js';
import { RunJobs } from '../runs/run-jobs.js';
import { assertSchedule } from '../schedules/schedule.js';
import { hasOtherTimes, nextRunOf } from '../schedules/scheduled.js';
import type { ReportBody, ReportListQuery, ReportPatch } from './dto/report-body.js';
import { type ReportView, viewOf, type WrittenReportView } from './dto/report-view.js';
import { assertSections, columnsOf } from './report-columns.js';
import { orderOf } from './report-maker.js';
import { ReportRecords } from './report-records.js';
import { type Report, reportPlace } from './report.entity.js';

const SECRET_BYTES = 32;

/** What a write makes of a report, and the secret that it got by it. */
interface Written {
  readonly content: ContentOf<Report>;
  readonly secret: string | null;
}

/** The reports of one store at a time. */
@Injectable()
export class ReportsService implements OnModuleInit {
  constructor(
    private readonly reports: ReportRecords,
    private readonly runs: RunJobs,
    private readonly transactions: BusinessTransactions,
    private readonly mailer: Mailer,
    private readonly box: SecretBox,
    private readonly masters: MasterSecrets,
    private readonly holders: SecretHolders,
    @Inject(CONFIG) private readonly config: Config,
  ) {}

  /** A change of the master secret carries the reports' secrets over. */
  onModuleInit(): void {
    const boxes = {
      table: 'analytics_reports',
      column: 'sealed',
      name: 'secrets of reports',
      placeColumn: 'id',
      place: reportPlace,
      owner: { kind: 'report', table: 'analytics_reports', column: 'id', name: 'o.name' },
      isInForce: 'b.webhook_url IS NOT NULL',
      lastUse: 'NULL::timestamptz',
    } as const;
    this.holders.register(new BoxHolder(boxes, this.masters, this.box));
  }

  /** @throws InvalidInput for a cursor that is not this list's */
  list(store: StoreScope, query: ReportListQuery): Promise<Page<ReportView>> {
    return this.reports.all.page(store, query, (builder, { q, status }) => {
      matching(builder, q, ['name']);
      if (status) builder.andWhere('report.status = :status', { status });
    });
  }

  /** @throws NotFound */
  get(store: StoreScope, id: string): Promise<ReportView> {
    return this.reports.all.get(store, id);
  }

  /** @throws InvalidInput; what BusinessTransactions throws for its Idempotency-Key */
  create(context: RequestContext, store: StoreScope, body: ReportBody): Promise<WrittenReportView> {
    return this.transactions.run(
      context,
      async (tx) => {
        const id = newUuid();
        const { content, secret } = await this.written(tx, id, undefined, columnsOf(body));
        return { ...viewOf(await this.reports.all.insert(tx, store, { id, ...content })), secret };
      },
      { secretOf: ({ id, secret }) => (secret === null ? null : id) },
    );
  }

  /**
   * Changes what is given: a whole report, which stays `PAUSED` or `ACTIVE` unless it says otherwise, or some fields.
   * @throws NotFound, PreconditionFailed, InvalidInput
   */
  async change(
    context: RequestContext,
    store: StoreScope,
    id: string,
    changes: ReportBody | ReportPatch,
  ): Promise<WrittenReportView> {
    let shown: string | null = null;
    const view = await this.reports.all.change(context, store, id, async (before, tx) => {
      const columns = columnsOf(changes, before.status);
      const { content, secret } = await this.written(tx, id, before, columns);
      shown = secret;
      return content;
    });
    return { ...view, secret: shown };
  }

  /** Its runs go with it. @throws NotFound, PreconditionFailed */
  delete(context: RequestContext, store: StoreScope, id: string): Promise<void> {
    return this.reports.all.delete(context, store, id);
  }

  /** Has it made now, also where it is paused. @throws NotFound; what BusinessTransactions throws */
  run<V>(
    context: RequestContext,
    store: StoreScope,
    id: string,
    present: (run: AnalyticsRun) => V,
  ): Promise<V> {
    return this.transactions.run(context, async (tx) => {
      const report = await this.reports.all.locked(tx, store, id);
      const order = orderOf(report, await databaseClock(tx));
      return present(
        await this.runs.order(tx, store, { reportId: id, trigger: 'request', dueAt: null, ...order }),
      );
    });
  }

  private async written(
    tx: Transaction,
    id: string,
    before: Report | undefined,
    columns: Partial<ContentOf<Report>>,
  ): Promise<Written> {
    const after = { ...before, ...columns } as Report;
    assertSections(after);
    assertSchedule(after.schedule, after.timeZone);
    this.assertDelivery(columns);
    if (!before || hasOtherTimes(before, after)) after.nextRunAt = nextRunOf(after, await databaseClock(tx));
    const secret = after.webhookUrl !== null && !before?.sealed ? randomBytes(SECRET_BYTES) : undefined;
    const kept = after.webhookUrl === null ? null : (before?.sealed ?? null);
    const sealed = secret ? this.box.seal(secret, reportPlace(id)) : kept;
    const { nextRunAt } = after;
    return {
      content: { ...columns, sealed, nextRunAt } as ContentOf<Report>,
      secret: secret ? secretText(secret) : null,
    };
  }

  private assertDelivery({ webhookUrl, emails }: Partial<ContentOf<Report>>): void {
    if (typeof webhookUrl === 'string') {
      assertTarget(webhookUrl, this.config.webhookAllowPrivate, 'delivery.webhookUrl');
    }
    if (emails && emails.length > 0 && !this.mailer.enabled) {
      throw new InvalidInput([
        { field: 'delivery.emails', reason: 'cannot be: there is no mail server here' },
      ]);
    }
  }
}

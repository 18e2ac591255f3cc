import { buffer } from 'node:stream/consumers';
import { Inject, Injectable } from '@nestjs/common';
import { CONFIG, type Config } from '../../platform/config/index.js';
import { SecretBox } from '../../platform/crypto/index.js';
import { Database } from '../../platform/database/index.js';
import { toPublicId } from '../../platform/ids/index.js';
import { type Attachment, Mailer } from '../../platform/mail/index.js';
import { isFinalRefusal, Outbound, signatureHeaders } from '../../platform/outbound/index.js';
import { MEDIA_TYPES } from '../runs/artefact-downloads.js';
import { ArtefactStorage } from '../runs/artefact-storage.js';
import type { AnalyticsRun } from '../runs/run.entity.js';
import { type DeliveryOrder, WorkRefused } from '../runs/run-work.js';
import { MailAllowance } from './mail-allowance.js';
import { daysText } from './documents/report-html.js';
import { eventOf } from './report-event-types.js';
import type { ReportSettings } from './report-maker.js';
import { Report, reportPlace } from './report.entity.js';

/** What mail servers commonly let through, once it is written in base64. */
const MOST_ATTACHED_BYTES = 5 * 1_048_576;

/** Brings reports to the addresses that want them. */
@Injectable()
export class ReportDelivery {
  private readonly outbound: Outbound;

  constructor(
    private readonly database: Database,
    private readonly mailer: Mailer,
    private readonly allowance: MailAllowance,
    private readonly box: SecretBox,
    private readonly artefacts: ArtefactStorage,
    @Inject(CONFIG) config: Config,
  ) {
    this.outbound = new Outbound({ allowPrivate: config.webhookAllowPrivate });
  }

  /** @throws WorkRefused */
  async deliver(order: DeliveryOrder): Promise<void> {
    const { run, delivery } = order;
    const report = await this.database.manager.findOneBy(Report, { id: run.reportId ?? '' });
    const wanted =
      delivery.target === 'webhook'
        ? report?.webhookUrl === delivery.to
        : report?.emails.includes(delivery.to);
    if (!report || !wanted) throw new WorkRefused('The report does not go there any more.', true);
    if (delivery.target === 'webhook') await this.post(report, order);
    else await this.mail(order);
  }

  private async post(report: Report, { run, delivery, idempotencyKey }: DeliveryOrder): Promise<void> {
    if (!report.sealed) throw new WorkRefused('The report has no secret to sign with.', true);
    const { type, data } = eventOf(run);
    const body = JSON.stringify({ type, data: { ...data, document: await this.document(run) } });
    const secret = this.box.open(report.sealed, reportPlace(report.id));
    const result = await this.outbound.post(
      delivery.to,
      {
        'content-type': 'application/json',
        'user-agent': 'Gatehouse-Reports/1',
        'idempotency-key': idempotencyKey,
        ...signatureHeaders([secret], idempotencyKey, Math.floor(Date.now() / 1_000), body),
      },
      body,
    );
    if (result.kind === 'failed') throw new WorkRefused(result.message, false);
    const { status } = result;
    if (status >= 200 && status < 300) return;
    throw new WorkRefused(`The address answered ${status}.`, isFinalRefusal(status));
  }

  private async mail({ store, run, delivery, idempotencyKey }: DeliveryOrder): Promise<void> {
    if (!this.mailer.enabled) throw new WorkRefused('There is no mail server here.', true);
    const { name, timezone } = run.settings as ReportSettings;
    const { periodFrom, periodTo } = run;
    const [from, to] = [periodFrom?.toISOString() ?? '', periodTo?.toISOString() ?? ''];
    const days = daysText({ from, to, timezone });
    const attachments = await this.attachments(run);
    const where = attachments
      ? 'It is attached.'
      : 'It is too large to be attached: fetch it where it was made.';
    if (!(await this.allowance.take(store.organizationId))) {
      throw new WorkRefused('The organization has had as many mails sent today as it may.', true);
    }
    await this.mailer.send({
      to: delivery.to,
      subject: `${name}: ${days}`,
      text: `The report “${name}” for ${days} (${timezone}) was made. ${where}\n`,
      // What is before an at sign has no slash.
      id: idempotencyKey.replaceAll('/', '.'),
      ...(attachments && { attachments }),
    });
  }

  /** The report itself, for receivers that cannot fetch it; null where it is not made as JSON. */
  private async document({ artefacts }: AnalyticsRun): Promise<unknown> {
    const json = artefacts.find(({ format }) => format === 'json');
    if (!json?.objectId || json.bytes > MOST_ATTACHED_BYTES) return null;
    const bytes = await buffer(await this.artefacts.read({ ...json, objectId: json.objectId }));
    return JSON.parse(bytes.toString()) as unknown;
  }

  private async attachments(run: AnalyticsRun): Promise<Attachment[] | undefined> {
    const { artefacts } = run;
    if (artefacts.reduce((sum, { bytes }) => sum + bytes, 0) > MOST_ATTACHED_BYTES) return undefined;
    const attached: Attachment[] = [];
    for (const { format, objectId } of artefacts) {
      if (objectId === null) continue;
      const content = await buffer(await this.artefacts.read({ format, objectId }));
      const name = `${toPublicId('analyticsRun', run.id)}.${format}`;
      attached.push({ name, type: MEDIA_TYPES[format], content });
    }
    return attached;
  }
}

import { type AuditVerificationResponse, VerificationsService } from '../audit/index.js';
import { Database } from '../platform/database/index.js';
import { fromPublicId } from '../platform/ids/index.js';
import type { Answer, CommonOptions } from './answer.js';
import { CommandError } from './errors.js';
import { organizationFor } from './find.js';
import { facts, table, when } from './format.js';
import { withApplication } from './with-application.js';

export interface VerificationOptions extends CommonOptions {
  readonly organization?: string;
}

const MOST_LISTED = 100;

/** `gatehouse audit verifications list` */
export function listVerifications({ organization }: VerificationOptions): Promise<Answer> {
  return withApplication(async (app) => {
    const { id } = await organizationFor(app.get(Database).manager, organization);
    const data = await app.get(VerificationsService).newest(id, MOST_LISTED);
    const rows = data.map((one) => [
      ...[one.id, one.status, `${one.percent} %`, verdictOf(one), one.createdBy, when(one.createdAt)],
    ]);
    return {
      document: { data },
      text:
        rows.length === 0
          ? 'There are no verifications.'
          : table(['ID', 'STATUS', 'DONE', 'FOUND', 'BY', 'CREATED'], rows),
    };
  });
}

/** `gatehouse audit verifications show` */
export function showVerification(publicId: string): Promise<Answer> {
  return withApplication(async (app) => {
    const id = fromPublicId('auditVerification', publicId);
    const found = id === undefined ? undefined : await app.get(VerificationsService).find(id);
    if (!found) throw new CommandError('NOT_FOUND', `There is no verification ${publicId}.`);
    const { report, from, to } = found;
    const told = facts([
      ['Status', `${found.status}, ${found.percent} %`],
      ['Sealed', `${from ?? 'the beginning'} to ${to ?? 'the end'}`],
      ['Asked', `${when(found.createdAt)} by ${found.createdBy}`],
      ...(report ? [['Rows', `${report.logs?.rows ?? report.ownRows}`] as const] : []),
      ['Found', verdictOf(found)],
    ]);
    const findings = (report?.findings ?? []).map(({ kind, log, requestId, changeId, message }) =>
      [kind.toUpperCase(), log, requestId ?? changeId ?? '', message].filter(Boolean).join(' '),
    );
    return { document: found, text: [told, ...findings].join('\n') };
  });
}

function verdictOf({ report }: AuditVerificationResponse): string {
  if (!report) return '-';
  return report.intact ? 'intact' : `${report.findingCount} findings`;
}

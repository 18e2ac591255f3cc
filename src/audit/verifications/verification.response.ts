import { ApiProperty, ApiSchema } from '@nestjs/swagger';
import { idPattern } from '../../platform/http/input/index.js';
import { toPublicId } from '../../platform/ids/index.js';
import { changeIdOf } from '../search/change-id.js';
import { FINDING_KINDS, FINDING_LOGS, type Finding, type FindingKind } from '../verify/findings.js';
import type { FoundReport, OwnedFinding } from './found-report.js';
import {
  type AuditVerification,
  type AuditVerificationRun,
  VERIFICATION_STATUSES,
  type VerificationStatus,
} from './verification.entities.js';

const DIGEST = { type: 'string', pattern: '^[0-9a-f]{64}$' } as const;
const COUNT = { type: 'integer', nullable: true } as const;

@ApiSchema({ name: 'AuditFinding' })
export class FindingResponse {
  @ApiProperty({
    enum: FINDING_KINDS,
    description:
      '`altered`: not what was sealed or signed; `missing`: was there, and is not; `reordered`: in another row’s place; `added`: in no batch; `forked`: two histories; `untrusted`: signed by a key that nobody endorsed; `unreadable`.',
  })
  kind!: FindingKind;
  @ApiProperty({ enum: FINDING_LOGS }) log!: Finding['log'];
  @ApiProperty({ ...COUNT, description: 'Whose chain: 0 is the change log.' }) writer!: number | null;
  @ApiProperty({ ...COUNT, description: 'The batch of that writer.' }) batchNo!: number | null;
  @ApiProperty({ ...COUNT, description: 'The row of that batch, from 0 on.' }) position!: number | null;
  @ApiProperty({
    type: 'string',
    pattern: idPattern('request'),
    nullable: true,
    description: 'Where the row is there, and yours.',
  })
  requestId!: string | null;
  @ApiProperty({
    type: 'string',
    pattern: idPattern('change'),
    nullable: true,
    description: 'Where the row is there, and yours.',
  })
  changeId!: string | null;
  @ApiProperty({ type: 'string', description: 'In words.' }) message!: string;
}

@ApiSchema({ name: 'AuditVerifiedCheckpoint' })
export class VerifiedCheckpointResponse {
  @ApiProperty({ type: 'integer' }) no!: number;
  @ApiProperty({ ...DIGEST, description: 'The root of the log tree.' }) root!: string;
  @ApiProperty({ type: 'string', format: 'date-time' }) sealedAt!: string;
}

@ApiSchema({ name: 'AuditPurgedDay' })
export class PurgedDayResponse {
  @ApiProperty({ type: 'integer' }) no!: number;
  @ApiProperty({ type: 'string' }) log!: string;
  @ApiProperty({ type: 'string', format: 'date' }) day!: string;
  @ApiProperty({ type: 'string' }) policy!: string;
}

/** Counts over all logs of the installation. */
@ApiSchema({ name: 'AuditVerifiedLogs' })
export class VerifiedLogsResponse {
  @ApiProperty({ type: 'integer', description: 'Rows that were looked at.' }) rows!: number;
  @ApiProperty({ type: 'integer', description: 'Rows outside the range: of these the headers were checked.' })
  notRead!: number;
  @ApiProperty({ type: 'integer' }) batches!: number;
  @ApiProperty({ type: 'integer' }) writers!: number;
  @ApiProperty({ type: 'integer' }) checkpoints!: number;
  @ApiProperty({ type: 'integer', description: 'Rows that no checkpoint covers yet.' }) notAnchored!: number;
  @ApiProperty({ type: 'integer', description: 'Changes that are in no batch yet.' }) notSealed!: number;
  @ApiProperty({ type: 'integer', description: 'Rows of before there was evidence.' }) notEvidenced!: number;
  @ApiProperty({ type: 'integer', description: 'Rows whose personal fields were erased.' }) erased!: number;
}

@ApiSchema({ name: 'AuditVerificationReport' })
export class VerificationReportResponse {
  @ApiProperty({
    type: 'boolean',
    description: 'Whether nothing is wrong. What is purged by record, or not anchored yet, is not wrong.',
  })
  intact!: boolean;
  @ApiProperty({ type: 'integer', description: 'Your organization’s rows that were looked at.' })
  ownRows!: number;
  @ApiProperty({ type: VerifiedCheckpointResponse, nullable: true, description: 'The newest checkpoint.' })
  checkpoint!: VerifiedCheckpointResponse | null;
  @ApiProperty({
    type: 'string',
    pattern: '^[0-9a-f]{16}$',
    nullable: true,
    description:
      'The signing key that was trusted as it stands, the first one of the logs. Compare its public key with the one you know.',
  })
  trustedKey!: string | null;
  @ApiProperty({ type: [PurgedDayResponse], description: 'What was dropped, by which policy.' })
  purged!: PurgedDayResponse[];
  @ApiProperty({ type: 'integer', description: 'All findings, the told ones and the rest.' })
  findingCount!: number;
  @ApiProperty({ type: [FindingResponse], description: 'The first hundred.' }) findings!: FindingResponse[];
  @ApiProperty({ type: VerifiedLogsResponse, nullable: true, description: 'For operators; else null.' })
  logs!: VerifiedLogsResponse | null;
}

/** A verification as it is answered. */
@ApiSchema({ name: 'AuditVerification' })
export class AuditVerificationResponse {
  @ApiProperty({ type: 'string', pattern: idPattern('auditVerification') }) id!: string;
  @ApiProperty({
    enum: VERIFICATION_STATUSES,
    description: '`queued` also where it failed and is about to be tried again.',
  })
  status!: VerificationStatus;
  @ApiProperty({ type: 'string', format: 'date-time', nullable: true }) from!: string | null;
  @ApiProperty({ type: 'string', format: 'date-time', nullable: true }) to!: string | null;
  @ApiProperty({ type: 'integer', minimum: 0, maximum: 100, description: 'How far it is.' }) percent!: number;
  @ApiProperty({ type: VerificationReportResponse, nullable: true, description: 'Once it is done.' })
  report!: VerificationReportResponse | null;
  @ApiProperty({ type: 'string', description: 'Who asked for it: a key’s or a member’s id.' })
  createdBy!: string;
  @ApiProperty({ type: 'string', format: 'date-time' }) createdAt!: string;
  @ApiProperty({ type: 'string', format: 'date-time', nullable: true }) startedAt!: string | null;
  @ApiProperty({ type: 'string', format: 'date-time', nullable: true }) finishedAt!: string | null;
}

/** @param operator sees the whole installation's figures, and of every finding which row it is of */
export function presentVerification(
  order: AuditVerification,
  run: AuditVerificationRun,
  operator: boolean,
): AuditVerificationResponse {
  const sees = (owner: string | null) => operator || owner === order.organizationId;
  return {
    id: toPublicId('auditVerification', order.id),
    status: run.status,
    from: order.from?.toISOString() ?? null,
    to: order.to?.toISOString() ?? null,
    percent: percentOf(run),
    report: run.report && presentReport(run.report, operator, sees),
    createdBy: toPublicId(order.actorType, order.actorId),
    createdAt: order.createdAt.toISOString(),
    startedAt: run.startedAt?.toISOString() ?? null,
    finishedAt: run.finishedAt?.toISOString() ?? null,
  };
}

/** 100 is for what is done. */
function percentOf({ status, rowsDone, rowsEstimated }: AuditVerificationRun): number {
  if (status === 'done') return 100;
  return rowsEstimated === 0 ? 0 : Math.min(99, Math.floor((100 * rowsDone) / rowsEstimated));
}

function presentReport(
  report: FoundReport,
  operator: boolean,
  sees: (owner: string | null) => boolean,
): VerificationReportResponse {
  const { checkpoint, rows, notRead, batches, writers, checkpoints } = report;
  const { notAnchored, notSealed, notEvidenced, erased } = report;
  return {
    intact: report.intact,
    ownRows: report.ownRows,
    checkpoint: checkpoint && { ...checkpoint, sealedAt: new Date(checkpoint.sealedAt).toISOString() },
    trustedKey: report.trustedOnFirstUse,
    purged: report.purged.map(({ no, log, day, policy }) => ({ no, log, day, policy })),
    findingCount: report.findingCount,
    findings: report.findings.map((finding) => presentFinding(finding, sees(finding.organizationId))),
    logs: operator
      ? { rows, notRead, batches, writers, checkpoints, notAnchored, notSealed, notEvidenced, erased }
      : null,
  };
}

function presentFinding(finding: OwnedFinding, sees: boolean): FindingResponse {
  const { kind, log, writer = null, batchNo = null, position = null, message } = finding;
  const { requestId, changeId } = sees ? finding : { requestId: undefined, changeId: undefined };
  return {
    ...{ kind, log, writer, batchNo, position },
    requestId: requestId === undefined ? null : toPublicId('request', requestId),
    changeId: changeId === undefined ? null : changeIdOf(changeId),
    message,
  };
}

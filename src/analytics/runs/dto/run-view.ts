import { ApiProperty, ApiSchema } from '@nestjs/swagger';
import { EnumField, idPattern } from '../../../platform/http/input/index.js';
import { ListQuery } from '../../../platform/http/lists/index.js';
import { toPublicId } from '../../../platform/ids/index.js';
import {
  type AnalyticsRun,
  type Artefact,
  type Delivery,
  DELIVERY_STATUSES,
  type Format,
  FORMATS,
  RUN_STATUSES,
  type RunStatus,
  type Trigger,
  TRIGGERS,
} from '../run.entity.js';

const AT = { type: 'string', format: 'date-time' } as const;
const MAYBE = { ...AT, nullable: true } as const;
const WORDS = { type: 'string', nullable: true } as const;

/** A file that was made. */
@ApiSchema({ name: 'RunArtefact' })
export class ArtefactView {
  @ApiProperty({ enum: FORMATS, example: 'html' }) format!: Format;
  @ApiProperty({ type: 'integer', example: 18_204 }) bytes!: number;
  @ApiProperty({ example: 'e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855' })
  sha256!: string;
  @ApiProperty({ ...WORDS, description: 'Where it is, unless it can be fetched here.', example: null })
  location!: string | null;
  @ApiProperty({
    type: 'integer',
    nullable: true,
    description: 'How many things are in it, where it is an export.',
    example: null,
  })
  rows!: number | null;
}

/** What was sent, or is to be. */
@ApiSchema({ name: 'RunDelivery' })
export class DeliveryView implements Delivery {
  @ApiProperty({ enum: ['webhook', 'email'], example: 'webhook' }) target!: 'webhook' | 'email';
  @ApiProperty({ example: 'https://hooks.example.com/reports' }) to!: string;
  @ApiProperty({ enum: DELIVERY_STATUSES, example: 'succeeded' }) status!: Delivery['status'];
  @ApiProperty({ type: 'integer', example: 1 }) tries!: number;
  @ApiProperty({ ...WORDS, description: 'What was wrong with the last try.', example: null }) error!:
    string | null;
  @ApiProperty({ ...MAYBE, example: '2026-11-02T07:00:03.000Z' }) deliveredAt!: string | null;
}

@ApiSchema({ name: 'RunPeriod' })
export class RunPeriodView {
  @ApiProperty({ ...MAYBE, description: 'Null: from the beginning.', example: '2026-10-25T23:00:00.000Z' })
  from!: string | null;
  @ApiProperty({ ...AT, description: 'Not included.', example: '2026-11-01T23:00:00.000Z' }) to!: string;
}

/** What every run says of itself. */
class RunView {
  @ApiProperty({
    type: 'string',
    pattern: idPattern('analyticsRun'),
    example: 'run_01k0b3w2f7e1rt5m8v9xq4zj6d',
  })
  id!: string;
  @ApiProperty({ enum: TRIGGERS, description: 'What it was made for.', example: 'schedule' })
  trigger!: Trigger;
  @ApiProperty({ enum: RUN_STATUSES, example: 'succeeded' }) status!: RunStatus;
  @ApiProperty({ ...MAYBE, description: 'The time of the schedule that it stands for.', example: null })
  dueAt!: string | null;
  @ApiProperty({ type: RunPeriodView, nullable: true, description: 'Which time it is about.' })
  period!: RunPeriodView | null;
  @ApiProperty({ type: 'integer', description: 'Up to five.', example: 1 }) tries!: number;
  @ApiProperty({ ...WORDS, description: 'What was wrong with the last try.', example: null }) error!:
    string | null;
  @ApiProperty({ type: [ArtefactView] }) artefacts!: readonly ArtefactView[];
  @ApiProperty({
    ...MAYBE,
    description: 'Until when they can be fetched.',
    example: '2027-01-31T07:00:03.000Z',
  })
  artefactsUntil!: string | null;
  @ApiProperty({ type: [DeliveryView] }) deliveries!: readonly DeliveryView[];
  @ApiProperty({ ...AT, example: '2026-11-02T07:00:00.000Z' }) createdAt!: string;
  @ApiProperty({ ...MAYBE, example: '2026-11-02T07:00:01.000Z' }) startedAt!: string | null;
  @ApiProperty({ ...MAYBE, example: '2026-11-02T07:00:02.000Z' }) finishedAt!: string | null;
}

@ApiSchema({ name: 'ReportRun' })
export class ReportRunView extends RunView {
  @ApiProperty({ type: 'string', pattern: idPattern('report'), example: 'rpt_01k0b3w2f7e1rt5m8v9xq4zj6d' })
  reportId!: string;
}

export function reportRunView(run: AnalyticsRun): ReportRunView {
  return { ...runView(run), reportId: toPublicId('report', run.reportId ?? '') };
}

@ApiSchema({ name: 'ExportRun' })
export class ExportRunView extends RunView {
  @ApiProperty({
    type: 'string',
    pattern: idPattern('exportConfiguration'),
    example: 'xpc_01k0b3w2f7e1rt5m8v9xq4zj6d',
  })
  configurationId!: string;
}

export function exportRunView(run: AnalyticsRun): ExportRunView {
  return { ...runView(run), configurationId: toPublicId('exportConfiguration', run.exportId ?? '') };
}

function runView(run: AnalyticsRun): RunView {
  const { trigger, status, tries, error, periodFrom, periodTo } = run;
  return {
    id: toPublicId('analyticsRun', run.id),
    ...{ trigger, status, tries, error },
    dueAt: textOf(run.dueAt),
    period: periodTo && { from: textOf(periodFrom), to: periodTo.toISOString() },
    artefacts: run.artefacts.map(artefactView),
    artefactsUntil: textOf(run.artefactsUntil),
    deliveries: run.deliveries,
    createdAt: run.createdAt.toISOString(),
    startedAt: textOf(run.startedAt),
    finishedAt: textOf(run.finishedAt),
  };
}

export function artefactView({ format, bytes, sha256, location, rows }: Artefact): ArtefactView {
  return { format, bytes, sha256, location, rows };
}

function textOf(at: Date | null): string | null {
  return at && at.toISOString();
}

export class RunListQuery extends ListQuery {
  @EnumField({ values: RUN_STATUSES, optional: true, description: 'Only runs of this status.' })
  status?: RunStatus;

  @EnumField({ values: ['createdAt'], default: 'createdAt', description: 'What the list is ordered by.' })
  sortBy!: 'createdAt';
}

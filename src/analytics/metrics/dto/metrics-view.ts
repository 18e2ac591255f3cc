import { ApiProperty, ApiSchema } from '@nestjs/swagger';
import { GRANULARITIES, type Granularity } from '../buckets.js';
import type { Metrics } from '../metrics.js';

const RATIO = { type: 'number', nullable: true } as const;

/** Money is in the smallest unit of the answer's currency; a ratio of nothing to 0 is null. */
@ApiSchema({ name: 'Metrics' })
export class MetricsView implements Metrics {
  @ApiProperty({ type: 'integer', example: 12_000 }) impressions!: number;
  @ApiProperty({ type: 'integer', example: 480 }) clicks!: number;
  @ApiProperty({ type: 'integer', example: 510 }) visits!: number;
  @ApiProperty({ type: 'integer', example: 1_620 }) pageViews!: number;
  @ApiProperty({ type: 'integer', example: 24 }) conversions!: number;
  @ApiProperty({ type: 'integer', description: 'What conversions brought.', example: 96_000 })
  revenueMinor!: number;
  @ApiProperty({ type: 'integer', example: 24_000 }) spendMinor!: number;
  @ApiProperty({ ...RATIO, description: 'Clicks per impression.', example: 0.04 }) ctr!: number | null;
  @ApiProperty({ ...RATIO, description: 'Conversions per click.', example: 0.05 }) cvr!: number | null;
  @ApiProperty({ ...RATIO, description: 'Conversions per visit.', example: 0.047 }) visitCvr!: number | null;
  @ApiProperty({ ...RATIO, description: 'What was spent per conversion, in minor units.', example: 1_000 })
  cpaMinor!: number | null;
  @ApiProperty({ ...RATIO, description: 'Revenue per what was spent.', example: 4 }) roas!: number | null;
}

const AT = { type: 'string', format: 'date-time' } as const;

@ApiSchema({ name: 'MetricsPoint' })
export class PointView extends MetricsView {
  @ApiProperty({ ...AT, description: 'When it begins.', example: '2026-11-01T00:00:00.000Z' }) from!: string;
  @ApiProperty({ ...AT, description: 'When the next one begins.', example: '2026-11-02T00:00:00.000Z' })
  to!: string;
}

@ApiSchema({ name: 'MetricsPeriod' })
export class PeriodView {
  @ApiProperty({ ...AT, example: '2026-10-02T00:00:00.000Z' }) from!: string;
  @ApiProperty({ ...AT, description: 'Not included.', example: '2026-11-01T00:00:00.000Z' }) to!: string;
  @ApiProperty({ type: MetricsView }) totals!: MetricsView;
  @ApiProperty({ type: [PointView] }) series!: readonly PointView[];
}

@ApiSchema({ name: 'MetricsGroup' })
export class GroupView {
  @ApiProperty({ description: 'The campaign’s id, the channel and so on.', example: 'email' }) value!: string;
  @ApiProperty({
    type: 'string',
    nullable: true,
    description: 'What it is called, where it has a name and is still there.',
    example: null,
  })
  name!: string | null;
  @ApiProperty({ type: MetricsView }) metrics!: MetricsView;
  @ApiProperty({ type: MetricsView, nullable: true, description: 'Before; null unless it was asked for.' })
  previous!: MetricsView | null;
}

/** How and of when figures are told. */
class ToldView {
  @ApiProperty({ ...AT, example: '2026-11-01T00:00:00.000Z' }) from!: string;
  @ApiProperty({ ...AT, description: 'Not included.', example: '2026-12-01T00:00:00.000Z' }) to!: string;
  @ApiProperty({ example: 'Europe/Berlin' }) timezone!: string;
  @ApiProperty({
    type: 'string',
    nullable: true,
    description: 'Null where there is no money at all.',
    example: 'EUR',
  })
  currency!: string | null;
  @ApiProperty({ type: [String], description: 'All in which there is money at that time.', example: ['EUR'] })
  currencies!: readonly string[];
}

@ApiSchema({ name: 'Dashboard' })
export class DashboardView extends ToldView {
  @ApiProperty({ enum: GRANULARITIES, example: 'day' }) granularity!: Granularity;
  @ApiProperty({ type: MetricsView }) totals!: MetricsView;
  @ApiProperty({
    type: [PointView],
    description: 'One for each hour, day and so on, those with nothing too.',
  })
  series!: readonly PointView[];
  @ApiProperty({ type: PeriodView, nullable: true, description: 'Before; null unless it was asked for.' })
  previous!: PeriodView | null;
  @ApiProperty({ type: [GroupView], nullable: true, description: 'Null unless they were asked for.' })
  groups!: readonly GroupView[] | null;
}

@ApiSchema({ name: 'Ranking' })
export class RankingView extends ToldView {
  @ApiProperty({ type: [GroupView] }) data!: readonly GroupView[];
}

@ApiSchema({ name: 'Traffic' })
export class TrafficView extends ToldView {
  @ApiProperty({ type: [GroupView], description: 'By which kind of way visitors came.' })
  channels!: readonly GroupView[];
  @ApiProperty({ type: [GroupView], description: 'From where exactly.' }) sources!: readonly GroupView[];
  @ApiProperty({ type: [GroupView], description: 'Where they were.' }) pages!: readonly GroupView[];
}

import { ApiProperty, ApiSchema } from '@nestjs/swagger';
import type { Model } from '../attribution-sql.js';

@ApiSchema({ name: 'Credit' })
export class CreditView {
  @ApiProperty({ type: 'number', description: 'A share of a conversion is a part of 1.', example: 12.4 })
  conversions!: number;
  @ApiProperty({ type: 'number', description: 'In the smallest unit, and parts of it.', example: 49_600.5 })
  revenueMinor!: number;
}

@ApiSchema({ name: 'CreditByModel' })
export class CreditByModelView implements Record<Model, CreditView> {
  @ApiProperty({ type: CreditView, description: 'All of it to the first touch.' }) first!: CreditView;
  @ApiProperty({ type: CreditView, description: 'All of it to the last touch.' }) last!: CreditView;
  @ApiProperty({ type: CreditView, description: 'To all touches alike.' }) linear!: CreditView;
  @ApiProperty({ type: CreditView, description: 'To a touch a week earlier, half as much.' })
  timeDecay!: CreditView;
  @ApiProperty({
    type: CreditView,
    description:
      'Two fifths each to the first and the last touch, the rest to all between; of two, a half each.',
  })
  position!: CreditView;
}

@ApiSchema({ name: 'AttributedValue' })
export class AttributedView {
  @ApiProperty({ description: 'The channel, the source, or the campaign’s id.', example: 'email' })
  value!: string;
  @ApiProperty({
    type: 'string',
    nullable: true,
    description: 'Of a campaign that is still there.',
    example: null,
  })
  name!: string | null;
  @ApiProperty({ type: CreditByModelView }) credit!: CreditByModelView;
}

@ApiSchema({ name: 'Attribution' })
export class AttributionView {
  @ApiProperty({ type: 'string', format: 'date-time', example: '2026-11-01T00:00:00.000Z' }) from!: string;
  @ApiProperty({
    type: 'string',
    format: 'date-time',
    description: 'Not included.',
    example: '2026-12-01T00:00:00.000Z',
  })
  to!: string;
  @ApiProperty({ example: 'Europe/Berlin' }) timezone!: string;
  @ApiProperty({ type: 'string', nullable: true, example: 'EUR' }) currency!: string | null;
  @ApiProperty({ type: [String], example: ['EUR'] }) currencies!: readonly string[];
  @ApiProperty({ type: 'integer', example: 30 }) lookbackDays!: number;
  @ApiProperty({ type: CreditView, description: 'All conversions of that time.' }) total!: CreditView;
  @ApiProperty({ type: CreditView, description: 'Those that nothing led to that is known of.' })
  unattributed!: CreditView;
  @ApiProperty({ type: [AttributedView] }) data!: readonly AttributedView[];
}

import { ApiProperty, ApiSchema } from '@nestjs/swagger';

@ApiSchema({ name: 'FunnelStep' })
export class FunnelStepView {
  @ApiProperty({ example: 'add_to_cart' }) step!: string;
  @ApiProperty({ type: 'integer', description: 'How many came so far.', example: 180 }) visitors!: number;
  @ApiProperty({
    type: 'number',
    nullable: true,
    description: 'Of those who were at the step before; of the first step, 1.',
    example: 0.45,
  })
  rate!: number | null;
  @ApiProperty({ type: 'number', nullable: true, description: 'Of all who entered.', example: 0.45 })
  overallRate!: number | null;
  @ApiProperty({ type: 'integer', description: 'How many of the step before came no further.', example: 220 })
  dropOff!: number;
}

@ApiSchema({ name: 'Funnel' })
export class FunnelView {
  @ApiProperty({ type: 'string', format: 'date-time', example: '2026-11-01T00:00:00.000Z' }) from!: string;
  @ApiProperty({
    type: 'string',
    format: 'date-time',
    description: 'Not included.',
    example: '2026-12-01T00:00:00.000Z',
  })
  to!: string;
  @ApiProperty({ example: 'Europe/Berlin' }) timezone!: string;
  @ApiProperty({ type: 'integer', example: 168 }) windowHours!: number;
  @ApiProperty({ type: [FunnelStepView] }) steps!: readonly FunnelStepView[];
}

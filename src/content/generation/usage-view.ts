import { ApiProperty, ApiSchema } from '@nestjs/swagger';
import type { Usage } from './provider.js';

@ApiSchema({ name: 'GenerationUsage' })
export class UsageView implements Usage {
  @ApiProperty({
    type: 'integer',
    nullable: true,
    description: 'Null where the provider counts none.',
    example: 412,
  })
  inputTokens!: number | null;

  @ApiProperty({ type: 'integer', nullable: true, example: 96 }) outputTokens!: number | null;

  @ApiProperty({
    type: 'integer',
    nullable: true,
    description: 'In millionths of a US dollar, by the prices that the installation names; else null.',
    example: 120,
  })
  costMicros!: number | null;
}

export function usageOf({ inputTokens, outputTokens, costMicros }: Usage): UsageView {
  return { inputTokens, outputTokens, costMicros };
}

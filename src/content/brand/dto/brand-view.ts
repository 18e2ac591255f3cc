import { ApiProperty, ApiSchema } from '@nestjs/swagger';
import { type Tone, TONES } from '../../generation/built-in/compose.js';

/** How a store is heard. */
@ApiSchema({ name: 'Brand' })
export class BrandView {
  @ApiProperty({ description: 'What it is called in texts.', example: 'Kiln & Leaf' }) name!: string;
  @ApiProperty({ enum: TONES, example: 'warm' }) tone!: Tone;
  @ApiProperty({ type: [String], example: ['thrown by hand', 'made to last'] }) words!: readonly string[];
  @ApiProperty({
    type: 'string',
    format: 'date-time',
    nullable: true,
    description: 'Null where nobody has said anything yet.',
    example: '2026-02-11T08:30:00.000Z',
  })
  updatedAt!: string | null;
}

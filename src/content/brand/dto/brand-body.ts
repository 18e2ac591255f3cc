import { EnumField, NOT_BLANK, TextField, TextListField } from '../../../platform/http/input/index.js';
import { type Tone, TONES } from '../../generation/built-in/compose.js';

/** How a store wants to be heard. */
export class BrandBody {
  @TextField({
    ...NOT_BLANK,
    max: 200,
    optional: true,
    nullable: true,
    description: 'What it is called in texts; left out, or null, as the store is.',
    example: 'Kiln & Leaf',
  })
  name?: string | null;

  @EnumField({ values: TONES, default: 'plain', description: 'How it speaks.' }) tone!: Tone;

  @TextListField({
    item: { max: 80 },
    maxItems: 20,
    unique: true,
    default: [],
    description: 'What it says of itself: words that texts are made with.',
    example: ['thrown by hand', 'made to last'],
  })
  words!: string[];
}

import { EnumField, IntegerField, TextField, TextListField } from '../../../platform/http/input/index.js';
import { ListQuery } from '../../../platform/http/lists/index.js';
import { SearchField } from '../../../platform/records/index.js';
import { OBJECTIVES, type Objective } from '../../campaigns/campaign.entity.js';
import { type Tone, TONES } from '../../generation/built-in/compose.js';
import { ProviderField } from '../../generation/provider-field.js';
import { POST_PLATFORMS, type PostPlatform } from '../../posts/post-platforms.js';

/** A text that is asked for. */
export class CopyInput {
  @EnumField({ values: OBJECTIVES, default: 'awareness', description: 'What it is for.', example: 'sales' })
  goal!: Objective;

  @TextField({
    min: 0,
    max: 1_000,
    multiline: true,
    default: '',
    description: 'What it is about.',
    example: 'Our spring sale begins on Monday',
  })
  about!: string;

  @TextListField({
    item: { max: 100 },
    maxItems: 10,
    unique: true,
    default: [],
    description: 'Products that it speaks of, by their SKUs; without any, the newest on sale.',
    example: ['MUG-1'],
  })
  skus!: string[];

  @EnumField({
    values: POST_PLATFORMS,
    optional: true,
    description: 'Where it goes: it is as short as posts there must be.',
    example: 'twitter',
  })
  platform?: PostPlatform;

  @IntegerField({ min: 40, max: 10_000, default: 280, description: 'Characters of each text at most.' })
  mostCharacters!: number;

  @EnumField({ values: TONES, optional: true, description: 'How it is said; left out, as the brand speaks.' })
  tone?: Tone;

  @TextField({
    max: 35,
    pattern: /^[A-Za-z]{2,3}(-[A-Za-z0-9]{2,8})*$/,
    patternReason: 'must be a language tag, e.g. en or pt-BR',
    default: 'en',
    description: 'The language (BCP 47); the built-in provider writes English.',
  })
  language!: string;

  @IntegerField({ min: 1, max: 10, default: 3, description: 'How many different texts, at most.' })
  count!: number;

  @ProviderField() provider?: string;
}

const ORDERS = ['createdAt'] as const;

export class CopyListQuery extends ListQuery {
  @SearchField() q?: string;
  @EnumField({ values: OBJECTIVES, optional: true, description: 'Only texts for this goal.' })
  goal?: Objective;
  @EnumField({ values: POST_PLATFORMS, optional: true, description: 'Only texts for this platform.' })
  platform?: PostPlatform;
  @EnumField({ values: ORDERS, default: 'createdAt', description: 'What the list is ordered by.' })
  sortBy!: (typeof ORDERS)[number];
}

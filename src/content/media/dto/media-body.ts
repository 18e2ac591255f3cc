import { partialOf, TextField } from '../../../platform/http/input/index.js';

/** What people say of a file. */
export class MediaBody {
  @TextField({ max: 200, description: 'What people call it.', example: 'spring-sale.png' })
  name!: string;

  @TextField({
    min: 0,
    max: 1_000,
    multiline: true,
    description: 'What is seen in it, for those who do not see it.',
    example: 'A watering can among tulips.',
  })
  alt!: string;
}

/** What PATCH takes, and an upload beside the file: any of the fields. */
export class MediaPatch extends partialOf(MediaBody) {}

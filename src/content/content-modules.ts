import type { Type } from '@nestjs/common';
import { ContentModule } from './content.module.js';
import { MediaModule } from './media/media.module.js';

/** What the application imports of content: each with controllers by itself, so that its routes come before the catch-all. */
export const CONTENT_MODULES: readonly Type[] = [ContentModule, MediaModule];

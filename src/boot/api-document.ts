import type { NestExpressApplication } from '@nestjs/platform-express';

/** Serves the API document and its reader. */
export function mountApiDocument(_app: NestExpressApplication): void {
  // filled by the document's own module
}

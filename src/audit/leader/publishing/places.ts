import { join } from 'node:path';
import type { Config } from '../../../platform/config/index.js';
import { resolveDataDir } from '../../../platform/database/embedded/index.js';
import { filePlace } from './file-place.js';
import type { Place } from './place.js';
import { s3Place } from './s3-place.js';
import { webhookPlace } from './webhook-place.js';

/** The file's name where the embedded database is. */
const FILE = 'checkpoints.ndjson';

/** Where the settings want checkpoints to go. */
export function placesOf({ checkpoints: { file, url, s3 }, databaseUrl, dataDir }: Config): Place[] {
  const path = file ?? (databaseUrl === undefined ? join(resolveDataDir(dataDir), FILE) : undefined);
  return [
    ...(path === undefined ? [] : [filePlace(path)]),
    ...(url === undefined ? [] : [webhookPlace(url)]),
    ...(s3 === undefined ? [] : [s3Place(s3)]),
  ];
}

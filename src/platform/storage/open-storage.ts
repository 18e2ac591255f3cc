import type { ObjectStoreConfig } from '../config/index.js';
import { LocalDisk } from './local-disk.js';
import type { ObjectStorage } from './object-storage.js';

/** The bucket, where one is configured, else the directory. Who has no bucket does not load what speaks to one. */
export async function openStorage(
  s3: ObjectStoreConfig | undefined,
  directory: string,
): Promise<ObjectStorage> {
  if (!s3) return new LocalDisk(directory);
  const { S3Bucket } = await import('./s3-bucket.js');
  return new S3Bucket(s3);
}

import { hash } from 'node:crypto';
import { AwsClient } from 'aws4fetch';
import type { ObjectStoreConfig } from '../../../platform/config/index.js';
import type { Place } from './place.js';

/** Digits of a name, so that names sort as numbers do. */
const DIGITS = 12;

/** A bucket, in which each checkpoint is an object. With Object Lock on it nobody can take one back. */
export function s3Place(config: ObjectStoreConfig): Place {
  const { endpoint, bucket, region, prefix, accessKeyId, secretAccessKey } = config;
  const client = new AwsClient({ accessKeyId, secretAccessKey, region, service: 's3', retries: 0 });
  const base = `${endpoint}/${bucket}/${prefix}`;
  return {
    kind: 's3',
    name: base,
    publish: async ({ no, line }, signal) => {
      const body = `${line}\n`;
      const answer = await client.fetch(`${base}${String(no).padStart(DIGITS, '0')}.json`, {
        method: 'PUT',
        headers: {
          'Content-Type': 'application/json',
          // a bucket with Object Lock asks for one
          'x-amz-checksum-sha256': hash('sha256', body, 'base64'),
          'x-amz-content-sha256': hash('sha256', body, 'hex'),
        },
        body,
        redirect: 'error',
        signal,
      });
      await answer.body?.cancel();
      if (!answer.ok) throw new Error(`The object store answered ${answer.status}.`);
    },
  };
}

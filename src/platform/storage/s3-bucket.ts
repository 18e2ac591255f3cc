import type { Readable } from 'node:stream';
import {
  DeleteObjectCommand,
  GetObjectCommand,
  HeadObjectCommand,
  paginateListObjectsV2,
  PutObjectCommand,
  S3Client,
  S3ServiceException,
} from '@aws-sdk/client-s3';
import type { ObjectStoreConfig } from '../config/index.js';
import {
  assertObjectName,
  type ByteRange,
  type ObjectBytes,
  ObjectMissing,
  ObjectStorage,
} from './object-storage.js';

/** Objects of a bucket, in any store that speaks Amazon's S3: names begin with the configured prefix. */
export class S3Bucket extends ObjectStorage {
  private readonly client: S3Client;

  constructor(private readonly config: ObjectStoreConfig) {
    super();
    const { endpoint, region, accessKeyId, secretAccessKey } = config;
    this.client = new S3Client({
      endpoint,
      region,
      credentials: { accessKeyId, secretAccessKey },
      // Stores beside Amazon's have no host name per bucket, and know no checksums in trailers.
      forcePathStyle: true,
      requestChecksumCalculation: 'WHEN_REQUIRED',
      responseChecksumValidation: 'WHEN_REQUIRED',
      requestHandler: { connectionTimeout: 5_000, socketTimeout: 60_000 },
    });
  }

  async put(name: string, { bytes, size }: ObjectBytes): Promise<void> {
    await this.client.send(new PutObjectCommand({ ...this.named(name), Body: bytes, ContentLength: size }));
  }

  async read(name: string, range?: ByteRange): Promise<Readable> {
    const command = new GetObjectCommand({
      ...this.named(name),
      ...(range && { Range: `bytes=${range.first}-${range.last}` }),
    });
    const { Body: body } = await this.client.send(command).catch((error: unknown) => {
      throw isAbsent(error) ? new ObjectMissing(name) : error;
    });
    // In Node it is the answer as it comes.
    return body as Readable;
  }

  async size(name: string): Promise<number | undefined> {
    try {
      return (await this.client.send(new HeadObjectCommand(this.named(name)))).ContentLength;
    } catch (error) {
      if (isAbsent(error)) return undefined;
      throw error;
    }
  }

  async remove(name: string): Promise<void> {
    await this.client.send(new DeleteObjectCommand(this.named(name)));
  }

  async *list(): AsyncGenerator<string> {
    const { bucket, prefix } = this.config;
    for await (const page of paginateListObjectsV2(
      { client: this.client },
      { Bucket: bucket, Prefix: prefix },
    )) {
      for (const { Key: key } of page.Contents ?? []) if (key !== undefined) yield key.slice(prefix.length);
    }
  }

  private named(name: string): { Bucket: string; Key: string } {
    assertObjectName(name);
    return { Bucket: this.config.bucket, Key: this.config.prefix + name };
  }
}

function isAbsent(error: unknown): boolean {
  return error instanceof S3ServiceException && error.$metadata.httpStatusCode === 404;
}

import { Agent } from 'node:https';
import type { LookupFunction } from 'node:net';
import { pipeline, type Readable, Transform } from 'node:stream';
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

const nothing = (): void => undefined;
/** Else the client writes to the console what it also throws. */
const SILENT = { trace: nothing, debug: nothing, info: nothing, warn: nothing, error: nothing };

/** Objects of a bucket, in any store that speaks Amazon's S3: names begin with the configured prefix. */
export class S3Bucket extends ObjectStorage {
  private readonly client: S3Client;

  /** @param lookup how the endpoint's name is resolved, where that is not ours to trust */
  constructor(
    private readonly config: ObjectStoreConfig,
    lookup?: LookupFunction,
  ) {
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
      logger: SILENT,
      requestHandler: {
        ...{ connectionTimeout: 5_000, socketTimeout: 60_000 },
        ...(lookup && { httpsAgent: new Agent({ lookup }) }),
      },
    });
  }

  /** Of no use afterwards. */
  close(): void {
    this.client.destroy();
  }

  async put(name: string, { bytes, size }: ObjectBytes): Promise<void> {
    const wholly = exactly(size);
    const abort = new AbortController();
    // The client does not hear of a body that fails, and would wait for the rest of it.
    pipeline(bytes instanceof Uint8Array ? [bytes] : bytes, wholly, (error) => {
      if (error) abort.abort(error);
    });
    try {
      await this.client.send(
        new PutObjectCommand({ ...this.named(name), Body: wholly, ContentLength: size }),
        { abortSignal: abort.signal },
      );
      abort.signal.throwIfAborted();
    } catch (error) {
      const reason: unknown = abort.signal.aborted ? abort.signal.reason : error;
      wholly.destroy();
      // As many bytes as were announced may have come, and been kept.
      await this.remove(name).catch(() => undefined);
      throw reason;
    }
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

/** Lets so many bytes by; fails where there are more of them, or fewer. */
function exactly(size: number): Transform {
  let seen = 0;
  const wrong = () => new Error(`An object of ${size} bytes has come as ${seen}.`);
  return new Transform({
    transform(chunk: Uint8Array, _encoding, callback) {
      seen += chunk.byteLength;
      if (seen > size) callback(wrong());
      else callback(null, chunk);
    },
    flush(callback) {
      callback(seen === size ? null : wrong());
    },
  });
}

import { createHash, createHmac, timingSafeEqual } from 'node:crypto';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

const REGION = 'eu-central-1';
const ACCESS = 'access';
const SECRET = 'the word of the bucket';
const BUCKET = 'files';
/** So few on a page of a list that a list has several. */
const PAGE = 2;

/** A bucket in memory that speaks as much of S3 as is used, and believes nobody whose signature does not fit. */
export class S3StandIn {
  readonly objects = new Map<string, Buffer>();
  /** Requests whose signature did not fit. */
  refused = 0;

  private constructor(private readonly server: Server) {}

  static async start(): Promise<S3StandIn> {
    const server = createServer((request, response) => {
      // One that is cut off has no answer.
      bucket.answer(request, response).catch(() => response.destroy());
    });
    const bucket = new S3StandIn(server);
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    return bucket;
  }

  get config() {
    const { port } = this.server.address() as AddressInfo;
    return {
      endpoint: `http://127.0.0.1:${port}`,
      bucket: BUCKET,
      region: REGION,
      prefix: 'media/',
      accessKeyId: ACCESS,
      secretAccessKey: SECRET,
    };
  }

  async close(): Promise<void> {
    this.server.closeAllConnections();
    await new Promise((resolve) => this.server.close(resolve));
  }

  private async answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const url = new URL(request.url ?? '/', this.config.endpoint);
    if (!isSigned(request, url)) {
      this.refused += 1;
      return fail(response, 403, 'SignatureDoesNotMatch');
    }
    const [, bucket, ...rest] = decodeURIComponent(url.pathname).split('/');
    const key = rest.join('/');
    if (bucket !== BUCKET) return fail(response, 404, 'NoSuchBucket');
    if (key === '') return this.list(url, response);
    if (request.method === 'PUT') return this.keep(key, request, response);
    if (request.method === 'DELETE') {
      this.objects.delete(key);
      response.writeHead(204).end();
      return;
    }
    const object = this.objects.get(key);
    if (!object) return fail(response, 404, 'NoSuchKey');
    const range = /^bytes=(\d+)-(\d+)$/.exec(request.headers.range ?? '');
    const bytes = range ? object.subarray(Number(range[1]), Number(range[2]) + 1) : object;
    response.writeHead(range ? 206 : 200, { 'Content-Length': bytes.byteLength });
    response.end(request.method === 'HEAD' ? undefined : bytes);
  }

  private async keep(key: string, request: IncomingMessage, response: ServerResponse): Promise<void> {
    const bytes = await bytesOf(request);
    const hash = request.headers['x-amz-content-sha256'];
    if (hash !== 'UNSIGNED-PAYLOAD' && hash !== sha256(bytes)) return fail(response, 400, 'BadDigest');
    this.objects.set(key, bytes);
    response.writeHead(200, { ETag: '"kept"' }).end();
  }

  private list({ searchParams }: URL, response: ServerResponse): void {
    const after = searchParams.get('continuation-token') ?? '';
    const all = [...this.objects.keys()]
      .sort()
      .filter((key) => key.startsWith(searchParams.get('prefix') ?? '') && key > after);
    const page = all.slice(0, PAGE);
    const more = all.length > PAGE;
    response.writeHead(200, { 'Content-Type': 'application/xml' });
    response.end(
      `<?xml version="1.0"?><ListBucketResult><IsTruncated>${String(more)}</IsTruncated>` +
        (more ? `<NextContinuationToken>${page.at(-1) ?? ''}</NextContinuationToken>` : '') +
        page.map((key) => `<Contents><Key>${key}</Key></Contents>`).join('') +
        '</ListBucketResult>',
    );
  }
}

/** Whether a request is signed with the bucket's secret (AWS Signature Version 4). */
function isSigned({ method, headers }: IncomingMessage, url: URL): boolean {
  const found =
    /^AWS4-HMAC-SHA256 Credential=([^/]+)\/(\d{8}\/[^/]+\/s3\/aws4_request), SignedHeaders=(\S+), Signature=(\w{64})$/.exec(
      headers.authorization ?? '',
    );
  const [, access, scope = '', names = '', signature = ''] = found ?? [];
  const [day = '', region = ''] = scope.split('/');
  if (access !== ACCESS || region !== REGION) return false;
  const query = [...url.searchParams]
    .map(([name, value]) => `${encoded(name)}=${encoded(value)}`)
    .sort()
    .join('&');
  const signed = names.split(';').map((name) => `${name}:${String(headers[name]).trim()}\n`);
  const canonical = [
    method,
    url.pathname,
    query,
    signed.join(''),
    names,
    headers['x-amz-content-sha256'],
  ].join('\n');
  const text = ['AWS4-HMAC-SHA256', headers['x-amz-date'], scope, sha256(canonical)].join('\n');
  const key = [day, region, 's3', 'aws4_request'].reduce<string | Buffer>(
    (secret, part) => createHmac('sha256', secret).update(part).digest(),
    `AWS4${SECRET}`,
  );
  const expected = createHmac('sha256', key).update(text).digest();
  return timingSafeEqual(expected, Buffer.from(signature, 'hex'));
}

function encoded(text: string): string {
  return encodeURIComponent(text).replace(
    /[!'()*]/g,
    (character) => `%${character.charCodeAt(0).toString(16).toUpperCase()}`,
  );
}

function sha256(bytes: Buffer | string): string {
  return createHash('sha256').update(bytes).digest('hex');
}

async function bytesOf(request: IncomingMessage): Promise<Buffer> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks);
}

function fail(response: ServerResponse, status: number, code: string): void {
  response.writeHead(status, { 'Content-Type': 'application/xml' });
  response.end(`<?xml version="1.0"?><Error><Code>${code}</Code><Message>${code}</Message></Error>`);
}

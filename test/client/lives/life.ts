import { type Client, createClient, createConfig } from '../../../.test-build/client/client/index.js';

/** Where somebody's program finds the API, and what it says who it is with. */
export interface Access {
  readonly origin: string;
  readonly token: string;
  readonly storeId: string;
}

/** The generated client, as its own guide says to set it up. */
export function clientFor({ origin, token }: Access): Client {
  return createClient(createConfig({ baseUrl: origin, auth: token }));
}

/** What came, where it went well. @throws with the error that came instead */
export function dataOf<Data>({ data, error }: { data?: Data; error?: unknown }): Data {
  if (data === undefined) throw new Error(`Refused: ${JSON.stringify(error)}`);
  return data;
}

/** The headers by which a change says which version it means. */
export function ifStill({ response }: { response?: Response }): { 'If-Match': string } {
  return { 'If-Match': response?.headers.get('etag') ?? '' };
}

import { Controller, Get, Module, Query } from '@nestjs/common';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { Requires, Resource } from '../../src/platform/http/index.js';
import { TextField } from '../../src/platform/http/input/index.js';
import { startTestApp, type TestApp, type TestKey } from '../support/test-app.js';

class PickUpQuery {
  @TextField({ max: 40, optional: true, secret: true, description: 'What the caller was given.' })
  pickUp?: string;
  @TextField({ max: 40, optional: true, description: 'Where to.' })
  place?: string;
}

@Controller('parcels')
@Resource('content.parcels', { label: 'Parcels' })
class ParcelsController {
  @Get()
  @Requires('read')
  pickUp(@Query() query: PickUpQuery): { there: boolean } {
    return { there: query.pickUp === CANARY };
  }
}

@Module({ controllers: [ParcelsController] })
class ParcelsModule {}

// nothing that looks like a token, a password or a code
const CANARY = 'blue canary in the outlet';
const WRITTEN = encodeURIComponent(CANARY);

let app: TestApp;
let key: TestKey;
beforeAll(async () => {
  app = await startTestApp({ modules: [ParcelsModule] });
  key = await app.createKey();
});
afterAll(() => app.close());

async function queryKept(query: string, token = key.token): Promise<[status: number, kept: string | null]> {
  const { status } = await app.request
    .get(`/api/v1/parcels?${query}`)
    .set('Authorization', `Bearer ${token}`);
  const [row] = await app.sql<{ query: string | null }>(
    'SELECT query FROM request_log ORDER BY request_id DESC LIMIT 1',
  );
  return [status, row?.query ?? null];
}

describe('a parameter that is declared secret', () => {
  it('reaches its handler, and its row has the name alone', async () => {
    const answer = await app.request
      .get(`/api/v1/parcels?pickUp=${WRITTEN}`)
      .set('Authorization', `Bearer ${key.token}`)
      .expect(200);
    expect(answer.body).toEqual({ there: true });
    expect(await queryKept(`place=door&pickUp=${WRITTEN}`)).toEqual([200, 'place=door&pickUp=…']);
  });

  it.each([
    ['twice', `pickUp=${WRITTEN}&pickUp=${WRITTEN}`, 400],
    ['under an escaped name', `p%69ckUp=${WRITTEN}`, 200],
    ['in another case', `PICKUP=${WRITTEN}`, 400],
    ['as a list', `pickUp[]=${WRITTEN}`, 400],
    ['too long', `pickUp=${WRITTEN.repeat(4)}`, 400],
    ['with an equals sign', `pickUp==${WRITTEN}`, 200],
  ])('is not kept when it is written %s', async (_how, query, expected) => {
    const [status, kept] = await queryKept(query);
    expect(status).toBe(expected);
    expect(kept).not.toContain('canary');
  });

  it('is not kept of a stranger either', async () => {
    expect(await queryKept(`pickUp=${WRITTEN}`, 'nothing')).toEqual([401, 'pickUp=…']);
  });

  it.each([
    ['under a name that nobody knows', `place=door&hunter=${WRITTEN}`, 'place=door&hunter=…'],
    ['without a name', WRITTEN, '…'],
    ['twice, once where it belongs', `placed=${WRITTEN}&place=door`, 'placed=…&place=door'],
  ])('is not kept when it is written %s', async (_how, query, expected) => {
    expect(await queryKept(query)).toEqual([400, expected]);
  });

  it('is not kept of a path that there is not', async () => {
    await app.request
      .get(`/api/v1/letters?place=${WRITTEN}`)
      .set('Authorization', `Bearer ${key.token}`)
      .expect(404);
    const [row] = await app.sql<{ query: string }>(
      'SELECT query FROM request_log ORDER BY request_id DESC LIMIT 1',
    );
    expect(row?.query).toBe('place=…');
  });

  it('is nowhere in the database', async () => {
    const tables = await app.sql<{ name: string }>(
      `SELECT c.oid::regclass::text AS name FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
       WHERE c.relkind = 'r' AND n.nspname IN ('public', 'graphile_worker')`,
    );
    for (const { name } of tables) {
      const rows = await app.sql<{ row: string }>(
        `SELECT t::text AS row FROM ${name} AS t WHERE t::text ~ 'canary'`,
      );
      expect([name, rows]).toEqual([name, []]);
    }
  });
});

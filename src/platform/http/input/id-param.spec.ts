import 'reflect-metadata';
import { describe, expect, it } from '@jest/globals';
import { Controller, Get, Param, Query } from '@nestjs/common';
import { toPublicId } from '../../ids/index.js';
import { assertNoQuery, IdParam, takesQuery } from './index.js';

const UUID = '01890a5d-ac96-774b-bcce-b302099a8057';

@Controller('things')
class Things {
  @Get(':id') get(@IdParam('campaign') id: string) {
    return id;
  }
  @Get() list(@Param('x') _x: string, @Query() query: object) {
    return query;
  }
}

interface RouteArgument {
  data: string;
  pipes: { transform(value: unknown): string }[];
}

function pipeOf(method: string): RouteArgument['pipes'][number] {
  const found = Reflect.getMetadata('__routeArguments__', Things, method) as Record<string, RouteArgument>;
  const [argument] = Object.values(found);
  if (!argument?.pipes[0]) throw new Error('no pipe');
  return argument.pipes[0];
}

describe('IdParam', () => {
  it('hands the handler the UUID', () => {
    expect(pipeOf('get').transform(toPublicId('campaign', UUID))).toBe(UUID);
  });

  it.each(['', 'x', UUID, 'cmp_', toPublicId('store', UUID), `${toPublicId('campaign', UUID)}\u0000`])(
    'answers 404 to %p',
    (text) => {
      expect(() => pipeOf('get').transform(text)).toThrow(expect.objectContaining({ code: 'NOT_FOUND' }));
    },
  );

  it('documents the parameter', () => {
    const parameters = Reflect.getMetadata(
      'swagger/apiParameters',
      Reflect.get(Things.prototype, 'get'),
    ) as unknown[];
    expect(parameters).toMatchObject([
      { name: 'id', in: 'path', required: true, schema: { type: 'string' } },
    ]);
  });
});

describe('a query that nobody takes', () => {
  it('is told from one that a handler takes', () => {
    expect(takesQuery(Things, 'list')).toBe(true);
    expect(takesQuery(Things, 'get')).toBe(false);
  });

  it('is refused, every parameter of it', () => {
    expect(() => assertNoQuery(Object.create(null))).not.toThrow();
    expect(() => assertNoQuery({ a: '1', b: '' })).toThrow(
      expect.objectContaining({
        code: 'INVALID_INPUT',
        details: expect.objectContaining({
          errors: [
            { field: 'a', reason: 'is not a known parameter' },
            { field: 'b', reason: 'is not a known parameter' },
          ],
        }),
      }),
    );
  });
});

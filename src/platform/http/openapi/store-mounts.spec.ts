import { describe, expect, it } from '@jest/globals';
import type { OpenAPIObject } from '@nestjs/swagger';
import { describeStoreMounts } from './store-mounts.js';

const document = (): OpenAPIObject => ({
  openapi: '3.1.0',
  info: { title: 'x', version: '1' },
  paths: {
    '/stores/{storeId}/things': { get: { operationId: 'listThings', responses: {} } },
    '/things': { get: { operationId: 'listThings', responses: {} } },
    '/stores/{storeId}/keys': {
      get: {
        operationId: 'listKeys',
        responses: {},
        parameters: [{ name: 'storeId', in: 'path', required: true, schema: { type: 'string' } }],
      },
    },
  },
});

describe('describeStoreMounts', () => {
  it('gives two mounts of one route two ids, and leaves a single one its own', () => {
    const described = document();
    describeStoreMounts(described);
    const ids = Object.values(described.paths).map((item) => item.get?.operationId);
    expect(ids).toEqual(['listThingsInStore', 'listThings', 'listKeys']);
  });

  it('declares the store where the path names one, once', () => {
    const described = document();
    describeStoreMounts(described);
    const names = Object.values(described.paths).map((item) =>
      (item.get?.parameters ?? []).map((parameter) => ('name' in parameter ? parameter.name : '')),
    );
    expect(names).toEqual([['storeId'], [], ['storeId']]);
  });
});

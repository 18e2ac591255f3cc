import type { OpenAPIObject } from '@nestjs/swagger';
import { idPattern } from '../input/index.js';

const METHODS = ['get', 'put', 'post', 'delete', 'patch', 'head', 'options'] as const;
const STORE = '{storeId}';

/**
 * Finishes what decorators cannot say of a controller that is mounted twice: its routes below
 * `/stores/{storeId}` get that parameter where they lack it, and, as no two operations may share an id, the
 * suffix `InStore` where the short path has the id already. Changes the document it is given.
 */
export function describeStoreMounts(document: OpenAPIObject): void {
  const short = new Set<string>();
  for (const { path, operation } of operationsOf(document)) {
    if (!path.includes(STORE) && operation.operationId !== undefined) short.add(operation.operationId);
  }
  for (const { path, operation } of operationsOf(document)) {
    if (!path.includes(STORE)) continue;
    if (operation.operationId !== undefined && short.has(operation.operationId))
      operation.operationId += 'InStore';
    const parameters = (operation.parameters ??= []);
    if (parameters.some((parameter) => 'name' in parameter && parameter.name === 'storeId')) continue;
    parameters.unshift({
      name: 'storeId',
      in: 'path',
      required: true,
      description: "The store's id, `sto_…`. A key reaches its own store alone.",
      schema: { type: 'string', pattern: idPattern('store') },
    });
  }
}

type Operation = NonNullable<OpenAPIObject['paths'][string]['get']>;

function* operationsOf(document: OpenAPIObject): Generator<{ path: string; operation: Operation }> {
  for (const [path, item] of Object.entries(document.paths)) {
    for (const method of METHODS) {
      const operation = item[method];
      if (operation) yield { path, operation };
    }
  }
}

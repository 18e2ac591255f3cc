import { describe, expect, it } from '@jest/globals';
import { AppError } from '../../errors/index.js';
import { InputPipe, IntegerField, OptionalBody, TextField } from './index.js';

class Thing {
  @TextField({ max: 5, description: 'Its name.' }) name!: string;
}

@OptionalBody()
class Reason {
  @TextField({ max: 5, optional: true, description: 'Why.' }) reason?: string;
}

class Paging {
  @IntegerField({ min: 1, max: 9, default: 3, description: 'How many.' }) limit!: number;
  @TextField({ max: 5, optional: true, description: 'A filter.' }) filter?: string;
}

const pipe = new InputPipe();
const body = (value: unknown, metatype: new () => object = Thing) =>
  pipe.transform(value, { type: 'body', metatype });
const query = (value: unknown, metatype: new () => object = Paging) =>
  pipe.transform(value, { type: 'query', metatype });

function refusal(read: () => unknown): Record<string, unknown> {
  try {
    read();
  } catch (error) {
    if (error instanceof AppError) return { code: error.code, ...error.details };
    throw error;
  }
  throw new Error('It was taken.');
}

const nested = (depth: number): unknown => JSON.parse('['.repeat(depth) + ']'.repeat(depth)) as unknown;

describe('InputPipe', () => {
  it('makes an instance of the class', () => {
    expect(body({ name: 'a' })).toBeInstanceOf(Thing);
  });

  it.each([
    [undefined, 'is missing; a JSON object is expected'],
    [null, 'must be a JSON object, not null'],
    [[], 'must be a JSON object, not a list'],
    ['text', 'must be a JSON object, not a string'],
    [1, 'must be a JSON object, not a number'],
    [true, 'must be a JSON object, not a boolean'],
  ])('refuses %j as a body', (value, reason) => {
    expect(refusal(() => body(value))).toMatchObject({ code: 'INVALID_INPUT', field: 'body', reason });
  });

  it('takes a missing body where the class says so, and null nowhere', () => {
    expect(body(undefined, Reason)).toEqual({});
    expect(refusal(() => body(null, Reason))).toMatchObject({ field: 'body' });
  });

  it('refuses fields and parameters that are not declared, all of them', () => {
    expect(refusal(() => body({ name: 'a', age: 1, size: 2 }))).toMatchObject({
      errors: [
        { field: 'age', reason: 'is not a known field' },
        { field: 'size', reason: 'is not a known field' },
      ],
    });
    expect(refusal(() => query({ 'filter[]': 'a' }))).toMatchObject({
      errors: [{ field: 'filter[]', reason: 'is not a known parameter' }],
    });
  });

  it.each([
    '__proto__',
    'constructor',
    'prototype',
    'toString',
    'hasOwnProperty',
    '__defineGetter__',
    'then',
  ])('refuses a field named %s, at the top and below', (name) => {
    expect(refusal(() => body(JSON.parse(`{"name":"a","${name}":{"a":1}}`)))).toMatchObject({
      code: 'INVALID_INPUT',
      field: name,
    });
    expect(refusal(() => body(JSON.parse(`{"name":{"${name}":{"a":1}}}`)))).toMatchObject({
      code: 'INVALID_INPUT',
    });
    expect(refusal(() => query(JSON.parse(`{"${name}":"a"}`)))).toMatchObject({ field: name });
    expect(({} as Record<string, unknown>).a).toBeUndefined();
  });

  it('bounds how deep a body may go, without going there', () => {
    expect(refusal(() => body({ name: nested(31) }))).toMatchObject({ reason: 'must be text' });
    expect(refusal(() => body({ name: nested(32) }))).toMatchObject({
      reason: 'must not be nested more than 32 deep',
    });
    expect(refusal(() => body({ name: nested(5_000) }))).toMatchObject({ code: 'INVALID_INPUT' });
  });

  it('answers long and broken names shortened and mended', () => {
    const { errors } = refusal(() => body({ name: 'a', ['x'.repeat(100_000)]: 1, '\ud800\u0000': 1 }));
    const names = (errors as { field: string }[]).map(({ field }) => field);
    expect(names).toEqual([`${'x'.repeat(200)}…`, '\ufffd\ufffd']);
  });

  it('answers a hundred faults at most', () => {
    const many = Object.fromEntries(Array.from({ length: 500 }, (_, index) => [`f${index}`, 1]));
    expect(refusal(() => body(many)).errors).toHaveLength(100);
  });

  it('gives an empty query its defaults, a new object each time', () => {
    const first = query(Object.create(null)) as Paging;
    first.limit = 9;
    expect(first).toBeInstanceOf(Paging);
    expect(query(Object.create(null))).toEqual({ limit: 3 });
    expect(query({ limit: '4' })).toEqual({ limit: 4 });
  });

  it('refuses an empty query whose class needs a parameter, each time', () => {
    expect(refusal(() => query({}, Thing))).toMatchObject({ field: 'name', reason: 'is required' });
    expect(refusal(() => query({}, Thing))).toMatchObject({ field: 'name', reason: 'is required' });
  });

  it('leaves alone what is no input class', () => {
    const value = { anything: 1 };
    expect(pipe.transform(value, { type: 'custom', metatype: Thing })).toBe(value);
    expect(pipe.transform(value, { type: 'body', metatype: Object })).toBe(value);
    expect(pipe.transform('x', { type: 'param', metatype: String, data: 'id' })).toBe('x');
  });
});

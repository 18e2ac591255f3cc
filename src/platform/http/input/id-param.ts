import { Param, type PipeTransform } from '@nestjs/common';
import { ApiParam } from '@nestjs/swagger';
import { NotFound } from '../../errors/index.js';
import { fromPublicId, ID_PREFIX, type IdKind } from '../../ids/index.js';
import { idPattern } from './text-fields.js';

/**
 * A public id of the path, as the UUID inside it; documents the parameter too. What is no id of that kind names
 * nothing: 404, as for one that is absent.
 * @param name the path parameter
 */
export function IdParam(kind: IdKind, name = 'id'): ParameterDecorator {
  const pipe = new PublicIdPipe(kind);
  return (target, property, index) => {
    Param(name, pipe)(target, property, index);
    const descriptor = property === undefined ? undefined : Object.getOwnPropertyDescriptor(target, property);
    if (property === undefined || descriptor === undefined) return;
    ApiParam({
      name,
      description: `The ${kind}'s id, \`${ID_PREFIX[kind]}_…\`.`,
      schema: { type: 'string', pattern: idPattern(kind) },
    })(target, property, descriptor);
  };
}

class PublicIdPipe implements PipeTransform<unknown, string> {
  constructor(private readonly kind: IdKind) {}

  /** @throws NotFound */
  transform(value: unknown): string {
    const uuid = fromPublicId(this.kind, value);
    if (uuid === undefined) throw new NotFound('malformed id');
    return uuid;
  }
}
